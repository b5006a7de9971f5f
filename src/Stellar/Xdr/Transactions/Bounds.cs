namespace StellarPay.Stellar.Xdr;

/// <summary>When a transaction is valid, by close time. XDR's <c>TimeBounds</c>.</summary>
/// <param name="MinTime">Not before, in Unix seconds.</param>
/// <param name="MaxTime">Not after, in Unix seconds; 0 is no end.</param>
public readonly record struct TimeBounds(ulong MinTime, ulong MaxTime) : IXdr<TimeBounds>
{
    /// <inheritdoc/>
    public static TimeBounds Read(ref XdrReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt64(MinTime);
        writer.WriteUInt64(MaxTime);
    }
}

/// <summary>When a transaction is valid, by ledger sequence. XDR's <c>LedgerBounds</c>.</summary>
/// <param name="MinLedger">Not before this ledger.</param>
/// <param name="MaxLedger">Only before this ledger; 0 is no end.</param>
public readonly record struct LedgerBounds(uint MinLedger, uint MaxLedger) : IXdr<LedgerBounds>
{
    /// <inheritdoc/>
    public static LedgerBounds Read(ref XdrReader reader) => new(reader.ReadUInt32(), reader.ReadUInt32());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt32(MinLedger);
        writer.WriteUInt32(MaxLedger);
    }
}
