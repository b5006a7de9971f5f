namespace StellarPay.Stellar.Xdr;

/// <summary>Puts assets into a pool.</summary>
/// <param name="PoolId">Which.</param>
/// <param name="MaxAmountA">How much of the first asset at most, in stroops.</param>
/// <param name="MaxAmountB">How much of the second asset at most, in stroops.</param>
/// <param name="MinPrice">The least ratio of the first to the second.</param>
/// <param name="MaxPrice">The greatest ratio of the first to the second.</param>
public sealed record LiquidityPoolDepositOperation(
    Hash PoolId,
    long MaxAmountA,
    long MaxAmountB,
    Price MinPrice,
    Price MaxPrice) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.LiquidityPoolDeposit;

    internal static LiquidityPoolDepositOperation ReadBody(ref XdrReader reader) => new(
        Hash.Read(ref reader),
        reader.ReadInt64(),
        reader.ReadInt64(),
        Price.Read(ref reader),
        Price.Read(ref reader));

    private protected override void WriteBody(XdrWriter writer)
    {
        PoolId.Write(writer);
        writer.WriteInt64(MaxAmountA);
        writer.WriteInt64(MaxAmountB);
        MinPrice.Write(writer);
        MaxPrice.Write(writer);
    }
}

/// <summary>Takes assets out of a pool.</summary>
/// <param name="PoolId">Which.</param>
/// <param name="Amount">How many shares are given back, in stroops.</param>
/// <param name="MinAmountA">How much of the first asset at least, in stroops.</param>
/// <param name="MinAmountB">How much of the second asset at least, in stroops.</param>
public sealed record LiquidityPoolWithdrawOperation(
    Hash PoolId,
    long Amount,
    long MinAmountA,
    long MinAmountB) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.LiquidityPoolWithdraw;

    internal static LiquidityPoolWithdrawOperation ReadBody(ref XdrReader reader) => new(
        Hash.Read(ref reader),
        reader.ReadInt64(),
        reader.ReadInt64(),
        reader.ReadInt64());

    private protected override void WriteBody(XdrWriter writer)
    {
        PoolId.Write(writer);
        writer.WriteInt64(Amount);
        writer.WriteInt64(MinAmountA);
        writer.WriteInt64(MinAmountB);
    }
}
