using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// An operation that this network does not know: inflation since protocol 12, liquidity pools, contracts. It answers
/// op_not_supported before anything else is looked at.
/// </summary>
internal sealed class UnsupportedRule(OperationContext context, OperationBody operation) : OperationRule(context)
{
    private static readonly OperationResult NotSupported = new(OperationResultCode.NotSupported);

    public override bool IsSupported => false;

    /// <summary>Even these begin as successes where protocol 19 has a result for them.</summary>
    public override OperationResult Untouched => operation switch
    {
        InflationOperation => new InflationResult(InflationResultCode.Success, new ValueList<InflationPayout>()),
        LiquidityPoolDepositOperation => new LiquidityPoolDepositResult(LiquidityPoolDepositResultCode.Success),
        LiquidityPoolWithdrawOperation => new LiquidityPoolWithdrawResult(LiquidityPoolWithdrawResultCode.Success),
        _ => NotSupported,
    };

    public override OperationResult? Check() => NotSupported;

    public override OperationResult Apply() => NotSupported;
}
