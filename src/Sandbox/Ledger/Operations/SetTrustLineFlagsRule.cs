using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class SetTrustLineFlagsRule(OperationContext context, SetTrustLineFlagsOperation operation)
    : OperationRule<SetTrustLineFlagsResultCode>(context)
{
    private readonly TrustLineFlags _set = (TrustLineFlags)operation.SetFlags;
    private readonly TrustLineFlags _clear = (TrustLineFlags)operation.ClearFlags;

    public override ThresholdLevel Threshold => ThresholdLevel.Low;

    public override OperationResult? Check()
    {
        var isWellFormed = AssetRules.IsIssuer(Source, operation.Asset)
            && AssetRules.IsValid(operation.Asset)
            && operation.Trustor != Source
            && (_set & _clear) == 0
            && FlagRules.AreKnown(_set)
            && FlagRules.IsOneAuthorization(_set)
            && (_set & TrustLineFlags.ClawbackEnabled) == 0
            && FlagRules.AreKnown(_clear);
        return isWellFormed ? null : Fail(SetTrustLineFlagsResultCode.Malformed);
    }

    public override OperationResult Apply()
    {
        // Without the right to revoke, authorisation may only grow to full.
        if (!SourceAccount.Has(AccountFlags.AuthRevocable)
            && (_clear & FlagRules.AnyAuthorization) != 0
            && (_set & TrustLineFlags.Authorized) == 0)
        {
            return Fail(SetTrustLineFlagsResultCode.CantRevoke);
        }

        if (State.TrustLine(operation.Trustor, operation.Asset) is not { } line)
        {
            return Fail(SetTrustLineFlagsResultCode.NoTrustLine);
        }

        var flags = (line.Flags & ~_clear) | _set;
        if (!FlagRules.IsOneAuthorization(flags))
        {
            return Fail(SetTrustLineFlagsResultCode.InvalidState);
        }

        TrustRevocation.SetFlags(Context.Transaction, line, flags);
        return Success;
    }

    protected override OperationResultBody ResultOf(SetTrustLineFlagsResultCode code) =>
        new SetTrustLineFlagsResult(code);
}
