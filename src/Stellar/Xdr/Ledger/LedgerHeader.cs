namespace StellarPay.Stellar.Xdr;

/// <summary>A ledger's header. XDR's <c>LedgerHeader</c>; the ledger's hash is the SHA-256 of its XDR.</summary>
/// <param name="Version">The protocol's version.</param>
/// <param name="PreviousHash">The previous ledger's hash.</param>
/// <param name="Value">What consensus agreed on.</param>
/// <param name="ResultHash">The hash of the transactions' results.</param>
/// <param name="BucketListHash">The hash of the ledger's state.</param>
/// <param name="Sequence">Its number.</param>
/// <param name="TotalCoins">How many lumens there are, in stroops.</param>
/// <param name="FeePool">How many lumens were taken as fees, in stroops.</param>
/// <param name="InflationSequence">How often inflation ran.</param>
/// <param name="IdPool">The last id given to an offer.</param>
/// <param name="BaseFee">The least fee an operation, in stroops.</param>
/// <param name="BaseReserve">The reserve an entry, in stroops.</param>
/// <param name="MaxTxSetSize">How many operations a ledger holds.</param>
/// <param name="SkipList">Hashes of four earlier ledgers.</param>
/// <param name="Flags">What is switched off; null for headers without that extension.</param>
public sealed record LedgerHeader(
    uint Version,
    Hash PreviousHash,
    StellarValue Value,
    Hash ResultHash,
    Hash BucketListHash,
    uint Sequence,
    long TotalCoins,
    long FeePool,
    uint InflationSequence,
    ulong IdPool,
    uint BaseFee,
    uint BaseReserve,
    uint MaxTxSetSize,
    LedgerSkipList SkipList,
    uint? Flags = null) : IXdr<LedgerHeader>
{
    /// <inheritdoc/>
    public static LedgerHeader Read(ref XdrReader reader) => new(
        reader.ReadUInt32(),
        Hash.Read(ref reader),
        StellarValue.Read(ref reader),
        Hash.Read(ref reader),
        Hash.Read(ref reader),
        reader.ReadUInt32(),
        reader.ReadInt64(),
        reader.ReadInt64(),
        reader.ReadUInt32(),
        reader.ReadUInt64(),
        reader.ReadUInt32(),
        reader.ReadUInt32(),
        reader.ReadUInt32(),
        LedgerSkipList.Read(ref reader),
        reader.ReadExtension(1) ? ReadFlags(ref reader) : null);

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt32(Version);
        PreviousHash.Write(writer);
        Value.Write(writer);
        ResultHash.Write(writer);
        BucketListHash.Write(writer);
        writer.WriteUInt32(Sequence);
        writer.WriteInt64(TotalCoins);
        writer.WriteInt64(FeePool);
        writer.WriteUInt32(InflationSequence);
        writer.WriteUInt64(IdPool);
        writer.WriteUInt32(BaseFee);
        writer.WriteUInt32(BaseReserve);
        writer.WriteUInt32(MaxTxSetSize);
        SkipList.Write(writer);
        writer.WriteInt32(Flags.HasValue ? 1 : 0);
        if (Flags is not { } flags)
            return;
        writer.WriteUInt32(flags);
        writer.WriteInt32(0);
    }

    private static uint ReadFlags(ref XdrReader reader)
    {
        var flags = reader.ReadUInt32();
        reader.ReadVoidExtension();
        return flags;
    }
}

/// <summary>Hashes of four earlier ledgers.</summary>
/// <param name="A">The first.</param>
/// <param name="B">The second.</param>
/// <param name="C">The third.</param>
/// <param name="D">The fourth.</param>
public readonly record struct LedgerSkipList(Hash A, Hash B, Hash C, Hash D) : IXdr<LedgerSkipList>
{
    /// <inheritdoc/>
    public static LedgerSkipList Read(ref XdrReader reader) =>
        new(Hash.Read(ref reader), Hash.Read(ref reader), Hash.Read(ref reader), Hash.Read(ref reader));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        A.Write(writer);
        B.Write(writer);
        C.Write(writer);
        D.Write(writer);
    }
}

/// <summary>A ledger's hash and header: Horizon's <c>header_xdr</c> is the header alone. XDR's
/// <c>LedgerHeaderHistoryEntry</c>.</summary>
/// <param name="Hash">The ledger's hash.</param>
/// <param name="Header">Its header.</param>
public sealed record LedgerHeaderHistoryEntry(Hash Hash, LedgerHeader Header) : IXdr<LedgerHeaderHistoryEntry>
{
    /// <inheritdoc/>
    public static LedgerHeaderHistoryEntry Read(ref XdrReader reader)
    {
        var entry = new LedgerHeaderHistoryEntry(Hash.Read(ref reader), LedgerHeader.Read(ref reader));
        reader.ReadVoidExtension();
        return entry;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Hash.Write(writer);
        Header.Write(writer);
        writer.WriteInt32(0);
    }
}
