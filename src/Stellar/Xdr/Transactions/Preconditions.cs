namespace StellarPay.Stellar.Xdr;

/// <summary>The shapes of preconditions.</summary>
public enum PreconditionType
{
    /// <summary>There are none.</summary>
    None = 0,

    /// <summary>Time bounds only.</summary>
    Time = 1,

    /// <summary>All of CAP-21.</summary>
    V2 = 2,
}

/// <summary>What must hold for a transaction to be valid (CAP-21). XDR's <c>Preconditions</c>.</summary>
public sealed record Preconditions : IXdr<Preconditions>
{
    private const int MaxExtraSigners = 2;

    private Preconditions(PreconditionType type) => Type = type;

    /// <summary>No preconditions.</summary>
    public static Preconditions None { get; } = new(PreconditionType.None);

    /// <summary>The shape on the wire.</summary>
    public PreconditionType Type { get; }

    /// <summary>When it is valid by time, or null.</summary>
    public TimeBounds? TimeBounds { get; private init; }

    /// <summary>When it is valid by ledger, or null.</summary>
    public LedgerBounds? LedgerBounds { get; private init; }

    /// <summary>The least sequence number that the account may have (it must be below the transaction's), or null if it
    /// must be exactly one less than the transaction's.</summary>
    public long? MinSequence { get; private init; }

    /// <summary>How many seconds must have passed since the account's sequence number changed.</summary>
    public ulong MinSequenceAge { get; private init; }

    /// <summary>How many ledgers must have passed since the account's sequence number changed.</summary>
    public uint MinSequenceLedgerGap { get; private init; }

    /// <summary>Signatures wanted besides the account's own; at most 2.</summary>
    public ValueList<SignerKey> ExtraSigners { get; private init; }

    /// <summary>Time bounds only.</summary>
    /// <param name="bounds">The bounds.</param>
    /// <returns>The preconditions.</returns>
    public static Preconditions Time(TimeBounds bounds) => new(PreconditionType.Time) { TimeBounds = bounds };

    /// <summary>All of CAP-21.</summary>
    /// <param name="timeBounds">When it is valid by time.</param>
    /// <param name="ledgerBounds">When it is valid by ledger.</param>
    /// <param name="minSequence">The least sequence number that the account may have.</param>
    /// <param name="minSequenceAge">Seconds since the account's sequence number changed.</param>
    /// <param name="minSequenceLedgerGap">Ledgers since the account's sequence number changed.</param>
    /// <param name="extraSigners">Signatures wanted besides the account's own; at most 2.</param>
    /// <returns>The preconditions.</returns>
    public static Preconditions V2(
        TimeBounds? timeBounds = null,
        LedgerBounds? ledgerBounds = null,
        long? minSequence = null,
        ulong minSequenceAge = 0,
        uint minSequenceLedgerGap = 0,
        ValueList<SignerKey> extraSigners = default) => new(PreconditionType.V2)
        {
            TimeBounds = timeBounds,
            LedgerBounds = ledgerBounds,
            MinSequence = minSequence,
            MinSequenceAge = minSequenceAge,
            MinSequenceLedgerGap = minSequenceLedgerGap,
            ExtraSigners = extraSigners,
        };

    /// <inheritdoc/>
    public static Preconditions Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<PreconditionType>();
        return type switch
        {
            PreconditionType.None => None,
            PreconditionType.Time => Time(Xdr.TimeBounds.Read(ref reader)),
            PreconditionType.V2 => V2(
                reader.ReadOptionalValue<TimeBounds>(),
                reader.ReadOptionalValue<LedgerBounds>(),
                reader.ReadBool() ? reader.ReadInt64() : null,
                reader.ReadUInt64(),
                reader.ReadUInt32(),
                reader.ReadList<SignerKey>(MaxExtraSigners)),
            _ => throw XdrException.Discriminant("precondition type", (int)type),
        };
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        if (Type == PreconditionType.Time)
            TimeBounds.GetValueOrDefault().Write(writer);
        else if (Type == PreconditionType.V2)
            WriteV2(writer);
    }

    private void WriteV2(XdrWriter writer)
    {
        writer.WriteOptional(TimeBounds);
        writer.WriteOptional(LedgerBounds);
        writer.WriteBool(MinSequence.HasValue);
        if (MinSequence is { } sequence)
            writer.WriteInt64(sequence);
        writer.WriteUInt64(MinSequenceAge);
        writer.WriteUInt32(MinSequenceLedgerGap);
        writer.WriteList(ExtraSigners, MaxExtraSigners);
    }
}
