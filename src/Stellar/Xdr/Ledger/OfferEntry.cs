namespace StellarPay.Stellar.Xdr;

/// <summary>An offer as the ledger keeps it. XDR's <c>OfferEntry</c>.</summary>
/// <param name="Seller">Whose it is.</param>
/// <param name="OfferId">Its number.</param>
/// <param name="Selling">What is sold.</param>
/// <param name="Buying">What is bought.</param>
/// <param name="Amount">How much is sold, in stroops.</param>
/// <param name="Price">How many units of what is bought one unit of what is sold costs.</param>
/// <param name="Flags">The <see cref="OfferFlags"/>.</param>
public sealed record OfferEntry(
    AccountId Seller,
    long OfferId,
    Asset Selling,
    Asset Buying,
    long Amount,
    Price Price,
    uint Flags) : LedgerEntryData, IXdr<OfferEntry>
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.Offer;

    /// <inheritdoc/>
    public static OfferEntry Read(ref XdrReader reader)
    {
        var offer = new OfferEntry(
            AccountId.Read(ref reader),
            reader.ReadInt64(),
            Asset.Read(ref reader),
            Asset.Read(ref reader),
            reader.ReadInt64(),
            Price.Read(ref reader),
            reader.ReadUInt32());
        reader.ReadVoidExtension();
        return offer;
    }

    /// <inheritdoc/>
    public override LedgerKey ToKey() => new LedgerKeyOffer(Seller, OfferId);

    /// <inheritdoc/>
    public override void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Seller.Write(writer);
        writer.WriteInt64(OfferId);
        Selling.Write(writer);
        Buying.Write(writer);
        writer.WriteInt64(Amount);
        Price.Write(writer);
        writer.WriteUInt32(Flags);
        writer.WriteInt32(0);
    }
}
