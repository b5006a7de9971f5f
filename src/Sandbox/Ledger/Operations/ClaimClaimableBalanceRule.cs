using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class ClaimClaimableBalanceRule(OperationContext context, ClaimClaimableBalanceOperation operation)
    : OperationRule<ClaimClaimableBalanceResultCode>(context)
{
    public override ThresholdLevel Threshold => ThresholdLevel.Low;

    public override OperationResult? Check() => null;

    public override OperationResult Apply()
    {
        if (State.ClaimableBalance(operation.BalanceId.Hash) is not { } balance)
        {
            return Fail(ClaimClaimableBalanceResultCode.DoesNotExist);
        }

        var claimant = balance.Claimants.FirstOrDefault(claimant => claimant.Destination == Source);
        if (claimant is null || !ClaimRules.IsMet(claimant.Predicate, Header.CloseTime))
        {
            return Fail(ClaimClaimableBalanceResultCode.CannotClaim);
        }

        var holding = HoldingOf(Source, balance.Asset);
        if (!holding.Exists)
        {
            return Fail(ClaimClaimableBalanceResultCode.NoTrust);
        }

        if (!holding.IsAuthorized)
        {
            return Fail(ClaimClaimableBalanceResultCode.NotAuthorized);
        }

        if (!holding.TryAdd(balance.Amount))
        {
            return Fail(ClaimClaimableBalanceResultCode.LineFull);
        }

        Context.Transaction.Reserves.Remove(balance, Source);
        State.Erase(balance);
        return Success;
    }

    protected override OperationResultBody ResultOf(ClaimClaimableBalanceResultCode code) =>
        new ClaimClaimableBalanceResult(code);
}
