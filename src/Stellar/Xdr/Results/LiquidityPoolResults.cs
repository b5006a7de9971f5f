namespace StellarPay.Stellar.Xdr;

/// <summary>The result of a liquidity-pool-deposit operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record LiquidityPoolDepositResult(LiquidityPoolDepositResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.LiquidityPoolDeposit;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static LiquidityPoolDepositResult ReadBody(ref XdrReader reader) =>
        new(reader.ReadEnum<LiquidityPoolDepositResultCode>());
}

/// <summary>The result of a liquidity-pool-withdraw operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record LiquidityPoolWithdrawResult(LiquidityPoolWithdrawResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.LiquidityPoolWithdraw;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static LiquidityPoolWithdrawResult ReadBody(ref XdrReader reader) =>
        new(reader.ReadEnum<LiquidityPoolWithdrawResultCode>());
}
