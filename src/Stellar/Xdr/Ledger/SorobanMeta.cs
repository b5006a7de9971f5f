namespace StellarPay.Stellar.Xdr;

/// <summary>What a contract transaction returned, said and cost. XDR's <c>SorobanTransactionMeta</c>.</summary>
/// <param name="Fees">What it cost; null for metas without that extension.</param>
/// <param name="Events">The contracts' events.</param>
/// <param name="ReturnValue">What the host function returned.</param>
/// <param name="DiagnosticEvents">What the host said for diagnosis.</param>
public sealed record SorobanTransactionMeta(
    SorobanFees? Fees,
    ValueList<ContractEvent> Events,
    ScVal ReturnValue,
    ValueList<DiagnosticEvent> DiagnosticEvents) : IXdr<SorobanTransactionMeta>
{
    /// <inheritdoc/>
    // The extension union (0 nothing, 1 fees) has the same bytes as an optional value.
    public static SorobanTransactionMeta Read(ref XdrReader reader) => new(
        reader.ReadOptional<SorobanFees>(),
        reader.ReadList<ContractEvent>(),
        ScVal.Read(ref reader),
        reader.ReadList<DiagnosticEvent>());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteOptional(Fees);
        writer.WriteList(Events);
        ReturnValue.Write(writer);
        writer.WriteList(DiagnosticEvents);
    }
}

/// <summary>What a contract transaction returned and cost. XDR's <c>SorobanTransactionMetaV2</c>.</summary>
/// <param name="Fees">What it cost; null for metas without that extension.</param>
/// <param name="ReturnValue">What the host function returned, or null.</param>
public sealed record SorobanTransactionMetaV2(SorobanFees? Fees, ScVal? ReturnValue) : IXdr<SorobanTransactionMetaV2>
{
    /// <inheritdoc/>
    public static SorobanTransactionMetaV2 Read(ref XdrReader reader) =>
        new(reader.ReadOptional<SorobanFees>(), reader.ReadOptional<ScVal>());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteOptional(Fees);
        writer.WriteOptional(ReturnValue);
    }
}

/// <summary>What a contract transaction's resources cost, in stroops. XDR's
/// <c>SorobanTransactionMetaExtV1</c>.</summary>
/// <param name="NonRefundable">The non-refundable part.</param>
/// <param name="Refundable">The refundable part that was used.</param>
/// <param name="Rent">What of that was rent.</param>
public sealed record SorobanFees(long NonRefundable, long Refundable, long Rent) : IXdr<SorobanFees>
{
    /// <inheritdoc/>
    public static SorobanFees Read(ref XdrReader reader)
    {
        reader.ReadVoidExtension();
        return new SorobanFees(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(0);
        writer.WriteInt64(NonRefundable);
        writer.WriteInt64(Refundable);
        writer.WriteInt64(Rent);
    }
}

/// <summary>An operation's changes and events. XDR's <c>OperationMetaV2</c>.</summary>
/// <param name="Changes">The changes.</param>
/// <param name="Events">The events.</param>
public sealed record OperationMetaV2(LedgerEntryChanges Changes, ValueList<ContractEvent> Events)
    : IXdr<OperationMetaV2>
{
    /// <inheritdoc/>
    public static OperationMetaV2 Read(ref XdrReader reader)
    {
        reader.ReadVoidExtension();
        return new OperationMetaV2(LedgerEntryChanges.Read(ref reader), reader.ReadList<ContractEvent>());
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(0);
        Changes.Write(writer);
        writer.WriteList(Events);
    }
}
