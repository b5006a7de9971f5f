namespace StellarPay.Stellar.Xdr;

/// <summary>What a change-trust operation names: an asset, or a pool by its parameters. XDR's
/// <c>ChangeTrustAsset</c>.</summary>
public sealed record ChangeTrustAsset : IXdr<ChangeTrustAsset>
{
    private ChangeTrustAsset(Asset asset, LiquidityPoolParameters? pool)
    {
        Asset = pool is null ? asset : null;
        Pool = pool;
    }

    /// <summary>The kind.</summary>
    public AssetType Type => Asset?.Type ?? AssetType.PoolShare;

    /// <summary>The asset, or null if it is a pool.</summary>
    public Asset? Asset { get; }

    /// <summary>The pool, or null if it is an asset.</summary>
    public LiquidityPoolParameters? Pool { get; }

    /// <summary>An asset.</summary>
    /// <param name="asset">The asset.</param>
    public static implicit operator ChangeTrustAsset(Asset asset) => new(asset, null);

    /// <summary>A pool's shares.</summary>
    /// <param name="pool">The pool.</param>
    /// <returns>The asset.</returns>
    public static ChangeTrustAsset PoolShare(LiquidityPoolParameters pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return new ChangeTrustAsset(default, pool);
    }

    /// <inheritdoc/>
    public static ChangeTrustAsset Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<AssetType>();
        return type == AssetType.PoolShare
            ? PoolShare(LiquidityPoolParameters.Read(ref reader))
            : Xdr.Asset.ReadBody(ref reader, type);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Pool is null)
        {
            Asset.GetValueOrDefault().Write(writer);
            return;
        }

        writer.WriteEnum(AssetType.PoolShare);
        Pool.Write(writer);
    }
}

/// <summary>A constant-product pool (CAP-38), the only kind there is. XDR's <c>LiquidityPoolParameters</c>; the pool's
/// id is the SHA-256 of its XDR.</summary>
/// <param name="AssetA">The lesser asset.</param>
/// <param name="AssetB">The greater asset.</param>
/// <param name="FeeBasisPoints">The fee in basis points; the ledger accepts only 30.</param>
public sealed record LiquidityPoolParameters(Asset AssetA, Asset AssetB, int FeeBasisPoints = 30)
    : IXdr<LiquidityPoolParameters>
{
    // LIQUIDITY_POOL_CONSTANT_PRODUCT
    internal const int ConstantProduct = 0;

    /// <inheritdoc/>
    public static LiquidityPoolParameters Read(ref XdrReader reader)
    {
        var type = reader.ReadInt32();
        return type == ConstantProduct ? ReadBody(ref reader) : throw XdrException.Discriminant("pool type", type);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(ConstantProduct);
        WriteBody(writer);
    }

    internal static LiquidityPoolParameters ReadBody(ref XdrReader reader) =>
        new(Asset.Read(ref reader), Asset.Read(ref reader), reader.ReadInt32());

    internal void WriteBody(XdrWriter writer)
    {
        AssetA.Write(writer);
        AssetB.Write(writer);
        writer.WriteInt32(FeeBasisPoints);
    }
}
