using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// An operation that this network does not know: inflation since protocol 12, liquidity pools, contracts. It answers
/// op_not_supported before anything else is looked at.
/// </summary>
internal sealed class UnsupportedRule(OperationContext context) : OperationRule(context)
{
    public override bool IsSupported => false;

    public override OperationResult Untouched => new(OperationResultCode.NotSupported);

    public override OperationResult? Check() => Untouched;

    public override OperationResult Apply() => Untouched;
}
