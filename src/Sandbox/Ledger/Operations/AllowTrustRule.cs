using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class AllowTrustRule(OperationContext context, AllowTrustOperation operation)
    : OperationRule<AllowTrustResultCode>(context)
{
    private readonly TrustLineFlags _authorize = (TrustLineFlags)operation.Authorize;

    public override ThresholdLevel Threshold => ThresholdLevel.Low;

    public override OperationResult? Check() =>
        _authorize <= TrustLineFlags.AuthorizedToMaintainLiabilities
        && operation.Code.IsValid
        && operation.Trustor != Source
            ? null
            : Fail(AllowTrustResultCode.Malformed);

    public override OperationResult Apply()
    {
        var isRevocable = SourceAccount.Has(AccountFlags.AuthRevocable);
        if (!isRevocable && _authorize == TrustLineFlags.None)
        {
            return Fail(AllowTrustResultCode.CantRevoke);
        }

        if (State.TrustLine(operation.Trustor, new Asset(operation.Code, Source)) is not { } line)
        {
            return Fail(AllowTrustResultCode.NoTrustLine);
        }

        if (!isRevocable && line.IsAuthorized && _authorize == TrustLineFlags.AuthorizedToMaintainLiabilities)
        {
            return Fail(AllowTrustResultCode.CantRevoke);
        }

        TrustRevocation.SetFlags(
            Context.Transaction, line, (line.Flags & ~FlagRules.AnyAuthorization) | _authorize);
        return Success;
    }

    protected override OperationResultBody ResultOf(AllowTrustResultCode code) => new AllowTrustResult(code);
}
