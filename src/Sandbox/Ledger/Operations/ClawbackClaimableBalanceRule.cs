using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class ClawbackClaimableBalanceRule(
    OperationContext context, ClawbackClaimableBalanceOperation operation)
    : OperationRule<ClawbackClaimableBalanceResultCode>(context)
{
    public override OperationResult? Check() => null;

    public override OperationResult Apply()
    {
        if (State.ClaimableBalance(operation.BalanceId.Hash) is not { } balance)
        {
            return Fail(ClawbackClaimableBalanceResultCode.DoesNotExist);
        }

        if (!AssetRules.IsIssuer(Source, balance.Asset))
        {
            return Fail(ClawbackClaimableBalanceResultCode.NotIssuer);
        }

        if (!balance.IsClawbackEnabled)
        {
            return Fail(ClawbackClaimableBalanceResultCode.NotClawbackEnabled);
        }

        Context.Transaction.Reserves.Remove(balance, Source);
        State.Erase(balance);
        return Success;
    }

    protected override OperationResultBody ResultOf(ClawbackClaimableBalanceResultCode code) =>
        new ClawbackClaimableBalanceResult(code);
}
