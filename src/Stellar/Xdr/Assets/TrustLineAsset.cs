namespace StellarPay.Stellar.Xdr;

/// <summary>What a trustline holds: an asset or the shares of a pool. XDR's <c>TrustLineAsset</c>. The default is
/// lumens, for which there are no trustlines. Order is core's.</summary>
public readonly struct TrustLineAsset : IEquatable<TrustLineAsset>, IComparable<TrustLineAsset>, IXdr<TrustLineAsset>
{
    private readonly AssetCode _code;
    private readonly Hash _issuerOrPool;

    private TrustLineAsset(AssetCode code, Hash issuerOrPool)
    {
        _code = code;
        _issuerOrPool = issuerOrPool;
    }

    /// <summary>The kind.</summary>
    public AssetType Type => _code.Type;

    /// <summary>The asset, or null if these are pool shares.</summary>
    public Asset? Asset => Type switch
    {
        AssetType.PoolShare => null,
        AssetType.Native => Xdr.Asset.Native,
        _ => new Asset(_code, new AccountId(_issuerOrPool)),
    };

    /// <summary>The pool whose shares these are, or null.</summary>
    public Hash? PoolId => Type == AssetType.PoolShare ? _issuerOrPool : null;

    /// <summary>An asset.</summary>
    /// <param name="asset">The asset.</param>
    public static implicit operator TrustLineAsset(Asset asset) => new(asset.Code, asset.Issuer.Key);

    /// <summary>Whether both are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are.</returns>
    public static bool operator ==(TrustLineAsset left, TrustLineAsset right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they do.</returns>
    public static bool operator !=(TrustLineAsset left, TrustLineAsset right) => !left.Equals(right);

    /// <summary>The shares of a pool.</summary>
    /// <param name="poolId">The pool.</param>
    /// <returns>The asset.</returns>
    public static TrustLineAsset PoolShare(Hash poolId) => new(new AssetCode(AssetType.PoolShare), poolId);

    /// <inheritdoc/>
    public static TrustLineAsset Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<AssetType>();
        return type == AssetType.PoolShare ? PoolShare(Hash.Read(ref reader)) : Xdr.Asset.ReadBody(ref reader, type);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Asset is { } asset)
        {
            asset.Write(writer);
            return;
        }

        writer.WriteEnum(AssetType.PoolShare);
        _issuerOrPool.Write(writer);
    }

    /// <inheritdoc/>
    public bool Equals(TrustLineAsset other) => _code.Equals(other._code) && _issuerOrPool.Equals(other._issuerOrPool);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TrustLineAsset other && Equals(other);

    /// <inheritdoc/>
    public int CompareTo(TrustLineAsset other)
    {
        var order = _code.CompareTo(other._code);
        return order != 0 ? order : _issuerOrPool.CompareTo(other._issuerOrPool);
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_code, _issuerOrPool);

    /// <summary>The asset's text, or <c>pool:</c> and the pool id in hexadecimal.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Asset is { } asset ? asset.ToString() : $"pool:{_issuerOrPool}";
}
