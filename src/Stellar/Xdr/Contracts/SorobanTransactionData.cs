namespace StellarPay.Stellar.Xdr;

/// <summary>What a contract transaction reads, writes and pays. XDR's <c>SorobanTransactionData</c>.</summary>
/// <param name="Resources">What it may use.</param>
/// <param name="ResourceFee">The part of the fee that pays for that, in stroops.</param>
/// <param name="ArchivedEntries">Which keys of the read-write footprint are archived, by index (CAP-66); null for the
/// older shape, which cannot say.</param>
public sealed record SorobanTransactionData(
    SorobanResources Resources,
    long ResourceFee,
    ValueList<uint>? ArchivedEntries = null) : IXdr<SorobanTransactionData>
{
    /// <inheritdoc/>
    public static SorobanTransactionData Read(ref XdrReader reader)
    {
        ValueList<uint>? archived = reader.ReadExtension(1) ? ReadIndices(ref reader) : null;
        return new SorobanTransactionData(SorobanResources.Read(ref reader), reader.ReadInt64(), archived);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(ArchivedEntries.HasValue ? 1 : 0);
        if (ArchivedEntries is { } archived)
        {
            writer.WriteLength(archived.Count);
            foreach (var index in archived.AsSpan())
                writer.WriteUInt32(index);
        }

        Resources.Write(writer);
        writer.WriteInt64(ResourceFee);
    }

    private static ValueList<uint> ReadIndices(ref XdrReader reader)
    {
        var indices = new uint[reader.ReadCount()];
        for (var i = 0; i < indices.Length; i++)
            indices[i] = reader.ReadUInt32();
        return ValueList<uint>.Own(indices);
    }
}

/// <summary>What a contract transaction may use. XDR's <c>SorobanResources</c> with its
/// <c>LedgerFootprint</c>.</summary>
/// <param name="ReadOnly">The ledger entries that it reads.</param>
/// <param name="ReadWrite">The ledger entries that it reads and writes.</param>
/// <param name="Instructions">How many instructions it may run.</param>
/// <param name="DiskReadBytes">How many bytes it may read from disk.</param>
/// <param name="WriteBytes">How many bytes it may write.</param>
public sealed record SorobanResources(
    ValueList<LedgerKey> ReadOnly,
    ValueList<LedgerKey> ReadWrite,
    uint Instructions,
    uint DiskReadBytes,
    uint WriteBytes) : IXdr<SorobanResources>
{
    /// <inheritdoc/>
    public static SorobanResources Read(ref XdrReader reader) => new(
        reader.ReadList<LedgerKey>(),
        reader.ReadList<LedgerKey>(),
        reader.ReadUInt32(),
        reader.ReadUInt32(),
        reader.ReadUInt32());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteList(ReadOnly);
        writer.WriteList(ReadWrite);
        writer.WriteUInt32(Instructions);
        writer.WriteUInt32(DiskReadBytes);
        writer.WriteUInt32(WriteBytes);
    }
}
