namespace StellarPay.Stellar.Xdr;

/// <summary>A pool as the ledger keeps it. XDR's <c>LiquidityPoolEntry</c>.</summary>
/// <param name="PoolId">Its id.</param>
/// <param name="Parameters">Its assets and fee.</param>
/// <param name="ReserveA">How much of the first asset it has, in stroops.</param>
/// <param name="ReserveB">How much of the second asset it has, in stroops.</param>
/// <param name="TotalShares">How many shares there are, in stroops.</param>
/// <param name="TrustLineCount">How many trustlines hold shares.</param>
public sealed record LiquidityPoolEntry(
    Hash PoolId,
    LiquidityPoolParameters Parameters,
    long ReserveA,
    long ReserveB,
    long TotalShares,
    long TrustLineCount) : LedgerEntryData, IXdr<LiquidityPoolEntry>
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.LiquidityPool;

    /// <inheritdoc/>
    // The body's union has one arm, the constant product, whose parameters begin with the same discriminant.
    public static LiquidityPoolEntry Read(ref XdrReader reader) => new(
        Hash.Read(ref reader),
        LiquidityPoolParameters.Read(ref reader),
        reader.ReadInt64(),
        reader.ReadInt64(),
        reader.ReadInt64(),
        reader.ReadInt64());

    /// <inheritdoc/>
    public override LedgerKey ToKey() => new LedgerKeyLiquidityPool(PoolId);

    /// <inheritdoc/>
    public override void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        PoolId.Write(writer);
        Parameters.Write(writer);
        writer.WriteInt64(ReserveA);
        writer.WriteInt64(ReserveB);
        writer.WriteInt64(TotalShares);
        writer.WriteInt64(TrustLineCount);
    }
}
