namespace StellarPay.Stellar.Xdr;

/// <summary>What a transaction changed: Horizon's <c>result_meta_xdr</c>. XDR's <c>TransactionMeta</c>; one record for
/// each version.</summary>
public abstract record TransactionMeta : IXdr<TransactionMeta>
{
    private protected TransactionMeta()
    {
    }

    /// <summary>The version on the wire, 0 to 4.</summary>
    public abstract int Version { get; }

    /// <inheritdoc/>
    public static TransactionMeta Read(ref XdrReader reader)
    {
        var version = reader.ReadInt32();
        return version switch
        {
            0 => new TransactionMetaV0(reader.ReadList<LedgerEntryChanges>()),
            1 => new TransactionMetaV1(LedgerEntryChanges.Read(ref reader), reader.ReadList<LedgerEntryChanges>()),
            2 => new TransactionMetaV2(
                LedgerEntryChanges.Read(ref reader),
                reader.ReadList<LedgerEntryChanges>(),
                LedgerEntryChanges.Read(ref reader)),
            3 => TransactionMetaV3.ReadBody(ref reader),
            4 => TransactionMetaV4.ReadBody(ref reader),
            _ => throw XdrException.Discriminant("transaction meta version", version),
        };
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(Version);
        WriteBody(writer);
    }

    private protected abstract void WriteBody(XdrWriter writer);
}

/// <summary>Of protocols before 10.</summary>
/// <param name="Operations">Each operation's changes.</param>
public sealed record TransactionMetaV0(ValueList<LedgerEntryChanges> Operations) : TransactionMeta
{
    /// <inheritdoc/>
    public override int Version => 0;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteList(Operations);
}

/// <summary>Of protocols 10 to 12.</summary>
/// <param name="Before">The transaction's own changes.</param>
/// <param name="Operations">Each operation's changes.</param>
public sealed record TransactionMetaV1(LedgerEntryChanges Before, ValueList<LedgerEntryChanges> Operations)
    : TransactionMeta
{
    /// <inheritdoc/>
    public override int Version => 1;

    private protected override void WriteBody(XdrWriter writer)
    {
        Before.Write(writer);
        writer.WriteList(Operations);
    }
}

/// <summary>Of protocols 13 to 19, and of classic transactions of protocols 20 to 22.</summary>
/// <param name="Before">The transaction's own changes before its operations.</param>
/// <param name="Operations">Each operation's changes; empty if the transaction failed.</param>
/// <param name="After">The transaction's own changes after its operations.</param>
public sealed record TransactionMetaV2(
    LedgerEntryChanges Before,
    ValueList<LedgerEntryChanges> Operations,
    LedgerEntryChanges After) : TransactionMeta
{
    /// <inheritdoc/>
    public override int Version => 2;

    private protected override void WriteBody(XdrWriter writer)
    {
        Before.Write(writer);
        writer.WriteList(Operations);
        After.Write(writer);
    }
}

/// <summary>Of contract transactions of protocols 20 to 22.</summary>
/// <param name="Before">The transaction's own changes before its operations.</param>
/// <param name="Operations">Each operation's changes; empty if the transaction failed.</param>
/// <param name="After">The transaction's own changes after its operations.</param>
/// <param name="Soroban">What the contract returned and said; null for classic transactions.</param>
public sealed record TransactionMetaV3(
    LedgerEntryChanges Before,
    ValueList<LedgerEntryChanges> Operations,
    LedgerEntryChanges After,
    SorobanTransactionMeta? Soroban) : TransactionMeta
{
    /// <inheritdoc/>
    public override int Version => 3;

    internal static TransactionMetaV3 ReadBody(ref XdrReader reader)
    {
        reader.ReadVoidExtension();
        return new TransactionMetaV3(
            LedgerEntryChanges.Read(ref reader),
            reader.ReadList<LedgerEntryChanges>(),
            LedgerEntryChanges.Read(ref reader),
            reader.ReadOptional<SorobanTransactionMeta>());
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        writer.WriteInt32(0);
        Before.Write(writer);
        writer.WriteList(Operations);
        After.Write(writer);
        writer.WriteOptional(Soroban);
    }
}

/// <summary>Of protocol 23 and later (CAP-67).</summary>
/// <param name="Before">The transaction's own changes before its operations.</param>
/// <param name="Operations">Each operation's changes and events; empty if the transaction failed.</param>
/// <param name="After">The transaction's own changes after its operations.</param>
/// <param name="Soroban">What the contract returned; null for classic transactions.</param>
/// <param name="Events">Events of the transaction itself, such as its fee.</param>
/// <param name="DiagnosticEvents">What the host said for diagnosis.</param>
public sealed record TransactionMetaV4(
    LedgerEntryChanges Before,
    ValueList<OperationMetaV2> Operations,
    LedgerEntryChanges After,
    SorobanTransactionMetaV2? Soroban,
    ValueList<TransactionEvent> Events,
    ValueList<DiagnosticEvent> DiagnosticEvents) : TransactionMeta
{
    /// <inheritdoc/>
    public override int Version => 4;

    internal static TransactionMetaV4 ReadBody(ref XdrReader reader)
    {
        reader.ReadVoidExtension();
        return new TransactionMetaV4(
            LedgerEntryChanges.Read(ref reader),
            reader.ReadList<OperationMetaV2>(),
            LedgerEntryChanges.Read(ref reader),
            reader.ReadOptional<SorobanTransactionMetaV2>(),
            reader.ReadList<TransactionEvent>(),
            reader.ReadList<DiagnosticEvent>());
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        writer.WriteInt32(0);
        Before.Write(writer);
        writer.WriteList(Operations);
        After.Write(writer);
        writer.WriteOptional(Soroban);
        writer.WriteList(Events);
        writer.WriteList(DiagnosticEvents);
    }
}
