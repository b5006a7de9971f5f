namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of changes.</summary>
public enum LedgerEntryChangeType
{
    /// <summary>The entry is new.</summary>
    Created = 0,

    /// <summary>The entry after a change.</summary>
    Updated = 1,

    /// <summary>The entry is gone.</summary>
    Removed = 2,

    /// <summary>The entry before a change.</summary>
    State = 3,

    /// <summary>The entry came back from the archive (CAP-66).</summary>
    Restored = 4,
}

/// <summary>A change of a ledger entry. XDR's <c>LedgerEntryChange</c>.</summary>
public sealed record LedgerEntryChange : IXdr<LedgerEntryChange>
{
    /// <summary>A change that shows the entry.</summary>
    /// <param name="type">Any kind but <see cref="LedgerEntryChangeType.Removed"/>.</param>
    /// <param name="entry">The entry.</param>
    /// <exception cref="ArgumentException">The kind is <see cref="LedgerEntryChangeType.Removed"/>.</exception>
    public LedgerEntryChange(LedgerEntryChangeType type, LedgerEntry entry)
    {
        if (type == LedgerEntryChangeType.Removed)
            throw new ArgumentException("A removed entry is named by its key.", nameof(type));
        Type = type;
        Entry = entry;
    }

    /// <summary>The removal of an entry.</summary>
    /// <param name="removed">Its key.</param>
    public LedgerEntryChange(LedgerKey removed)
    {
        Type = LedgerEntryChangeType.Removed;
        Removed = removed;
    }

    /// <summary>The kind.</summary>
    public LedgerEntryChangeType Type { get; }

    /// <summary>The entry; null for a removal.</summary>
    public LedgerEntry? Entry { get; }

    /// <summary>The removed entry's key; null for the other kinds.</summary>
    public LedgerKey? Removed { get; }

    /// <inheritdoc/>
    public static LedgerEntryChange Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<LedgerEntryChangeType>();
        return type == LedgerEntryChangeType.Removed
            ? new LedgerEntryChange(LedgerKey.Read(ref reader))
            : new LedgerEntryChange(type, LedgerEntry.Read(ref reader));
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        Entry?.Write(writer);
        Removed?.Write(writer);
    }
}

/// <summary>Changes in order. XDR's <c>LedgerEntryChanges</c> and <c>OperationMeta</c>, whose bytes are the same; it is
/// Horizon's <c>fee_meta_xdr</c>.</summary>
/// <param name="Changes">The changes.</param>
public sealed record LedgerEntryChanges(ValueList<LedgerEntryChange> Changes) : IXdr<LedgerEntryChanges>
{
    /// <inheritdoc/>
    public static LedgerEntryChanges Read(ref XdrReader reader) => new(reader.ReadList<LedgerEntryChange>());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteList(Changes);
    }
}
