using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class BumpSequenceRule(OperationContext context, BumpSequenceOperation operation)
    : OperationRule<BumpSequenceResultCode>(context)
{
    public override ThresholdLevel Threshold => ThresholdLevel.Low;

    public override OperationResult? Check() =>
        operation.BumpTo < 0 ? Fail(BumpSequenceResultCode.BadSeq) : null;

    public override OperationResult Apply()
    {
        // The age of the sequence number starts anew even where the number stays.
        var account = SourceAccount;
        State.Put(SequenceRules.WithSequence(Header, account, Math.Max(account.Sequence, operation.BumpTo)));
        return Success;
    }

    protected override OperationResultBody ResultOf(BumpSequenceResultCode code) => new BumpSequenceResult(code);
}
