namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of trades.</summary>
public enum ClaimAtomType
{
    /// <summary>With an offer, in results from before protocol 18.</summary>
    V0 = 0,

    /// <summary>With an offer.</summary>
    OrderBook = 1,

    /// <summary>With a pool.</summary>
    LiquidityPool = 2,
}

/// <summary>A trade that an operation made. XDR's <c>ClaimAtom</c>.</summary>
/// <param name="AssetSold">What the offer or pool gave.</param>
/// <param name="AmountSold">How much of it, in stroops.</param>
/// <param name="AssetBought">What the offer or pool got.</param>
/// <param name="AmountBought">How much of it, in stroops.</param>
public abstract record ClaimAtom(Asset AssetSold, long AmountSold, Asset AssetBought, long AmountBought)
    : IXdr<ClaimAtom>
{
    /// <summary>The kind.</summary>
    public abstract ClaimAtomType Type { get; }

    /// <inheritdoc/>
    public static ClaimAtom Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<ClaimAtomType>();
        var isPool = type == ClaimAtomType.LiquidityPool;
        var key = type == ClaimAtomType.OrderBook ? AccountId.Read(ref reader).Key : Hash.Read(ref reader);
        var offerId = isPool ? 0 : reader.ReadInt64();
        var sold = Asset.Read(ref reader);
        var amountSold = reader.ReadInt64();
        var bought = Asset.Read(ref reader);
        var amountBought = reader.ReadInt64();
        return isPool
            ? new ClaimPoolAtom(key, sold, amountSold, bought, amountBought)
            : new ClaimOfferAtom(new AccountId(key), offerId, sold, amountSold, bought, amountBought)
            {
                IsV0 = type == ClaimAtomType.V0,
            };
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        WriteCounterparty(writer);
        AssetSold.Write(writer);
        writer.WriteInt64(AmountSold);
        AssetBought.Write(writer);
        writer.WriteInt64(AmountBought);
    }

    private protected abstract void WriteCounterparty(XdrWriter writer);
}

/// <summary>A trade with an offer.</summary>
/// <param name="Seller">Whose offer.</param>
/// <param name="OfferId">Which offer.</param>
/// <param name="AssetSold">What the offer gave.</param>
/// <param name="AmountSold">How much of it, in stroops.</param>
/// <param name="AssetBought">What the offer got.</param>
/// <param name="AmountBought">How much of it, in stroops.</param>
public sealed record ClaimOfferAtom(
    AccountId Seller,
    long OfferId,
    Asset AssetSold,
    long AmountSold,
    Asset AssetBought,
    long AmountBought) : ClaimAtom(AssetSold, AmountSold, AssetBought, AmountBought)
{
    /// <summary>Whether it has the shape from before protocol 18.</summary>
    public bool IsV0 { get; init; }

    /// <inheritdoc/>
    public override ClaimAtomType Type => IsV0 ? ClaimAtomType.V0 : ClaimAtomType.OrderBook;

    private protected override void WriteCounterparty(XdrWriter writer)
    {
        if (IsV0)
            Seller.Key.Write(writer);
        else
            Seller.Write(writer);
        writer.WriteInt64(OfferId);
    }
}

/// <summary>A trade with a pool.</summary>
/// <param name="PoolId">Which pool.</param>
/// <param name="AssetSold">What the pool gave.</param>
/// <param name="AmountSold">How much of it, in stroops.</param>
/// <param name="AssetBought">What the pool got.</param>
/// <param name="AmountBought">How much of it, in stroops.</param>
public sealed record ClaimPoolAtom(
    Hash PoolId,
    Asset AssetSold,
    long AmountSold,
    Asset AssetBought,
    long AmountBought) : ClaimAtom(AssetSold, AmountSold, AssetBought, AmountBought)
{
    /// <inheritdoc/>
    public override ClaimAtomType Type => ClaimAtomType.LiquidityPool;

    private protected override void WriteCounterparty(XdrWriter writer) => PoolId.Write(writer);
}
