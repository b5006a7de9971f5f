namespace StellarPay.Stellar.Xdr;

/// <summary>A trustline as the ledger keeps it. XDR's <c>TrustLineEntry</c>.</summary>
/// <param name="Account">Who holds it.</param>
/// <param name="Asset">What it holds.</param>
/// <param name="Balance">How much, in stroops.</param>
/// <param name="Limit">How much at most, in stroops.</param>
/// <param name="Flags">The <see cref="TrustLineFlags"/>.</param>
/// <param name="Extension">Liabilities and what came after them, or null.</param>
public sealed record TrustLineEntry(
    AccountId Account,
    TrustLineAsset Asset,
    long Balance,
    long Limit,
    uint Flags,
    TrustLineEntryExtension? Extension = null) : LedgerEntryData, IXdr<TrustLineEntry>
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.TrustLine;

    /// <inheritdoc/>
    // The extension union (0 nothing, 1 liabilities) has the same bytes as an optional value.
    public static TrustLineEntry Read(ref XdrReader reader) => new(
        AccountId.Read(ref reader),
        TrustLineAsset.Read(ref reader),
        reader.ReadInt64(),
        reader.ReadInt64(),
        reader.ReadUInt32(),
        reader.ReadOptional<TrustLineEntryExtension>());

    /// <inheritdoc/>
    public override LedgerKey ToKey() => new LedgerKeyTrustLine(Account, Asset);

    /// <inheritdoc/>
    public override void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Account.Write(writer);
        Asset.Write(writer);
        writer.WriteInt64(Balance);
        writer.WriteInt64(Limit);
        writer.WriteUInt32(Flags);
        writer.WriteOptional(Extension);
    }
}

/// <summary>XDR's first extension of <c>TrustLineEntry</c> with the <c>TrustLineEntryExtensionV2</c> in it.</summary>
/// <param name="Liabilities">What open offers promise in the asset.</param>
/// <param name="PoolUseCount">How many pool trustlines need this one (CAP-38); null for entries without that
/// extension.</param>
public sealed record TrustLineEntryExtension(Liabilities Liabilities, int? PoolUseCount = null)
    : IXdr<TrustLineEntryExtension>
{
    /// <inheritdoc/>
    public static TrustLineEntryExtension Read(ref XdrReader reader)
    {
        var liabilities = Liabilities.Read(ref reader);
        if (!reader.ReadExtension(2))
            return new TrustLineEntryExtension(liabilities);
        var useCount = reader.ReadInt32();
        reader.ReadVoidExtension();
        return new TrustLineEntryExtension(liabilities, useCount);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Liabilities.Write(writer);
        writer.WriteInt32(PoolUseCount.HasValue ? 2 : 0);
        if (PoolUseCount is not { } useCount)
            return;
        writer.WriteInt32(useCount);
        writer.WriteInt32(0);
    }
}
