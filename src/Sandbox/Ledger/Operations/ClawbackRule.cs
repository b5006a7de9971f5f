using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class ClawbackRule(OperationContext context, ClawbackOperation operation)
    : OperationRule<ClawbackResultCode>(context)
{
    public override OperationResult? Check()
    {
        // Only the plain form of the source's own address is refused; the muxed form goes on and finds no trustline.
        var isWellFormed = operation.From != new MuxedAccount(Source)
            && operation.Amount >= 1
            && AssetRules.IsIssuer(Source, operation.Asset)
            && AssetRules.IsValid(operation.Asset);
        return isWellFormed ? null : Fail(ClawbackResultCode.Malformed);
    }

    public override OperationResult Apply()
    {
        if (State.TrustLine(operation.From.AccountId, operation.Asset) is not { } line)
        {
            return Fail(ClawbackResultCode.NoTrust);
        }

        if (!line.IsClawbackEnabled)
        {
            return Fail(ClawbackResultCode.NotClawbackEnabled);
        }

        if (BalanceRules.WithBalanceChange(line, -operation.Amount) is not { } rest)
        {
            return Fail(ClawbackResultCode.Underfunded);
        }

        State.Put(rest);
        return Success;
    }

    protected override OperationResultBody ResultOf(ClawbackResultCode code) => new ClawbackResult(code);
}
