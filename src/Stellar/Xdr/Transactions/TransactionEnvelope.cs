namespace StellarPay.Stellar.Xdr;

/// <summary>A transaction and its signatures. XDR's <c>TransactionEnvelope</c>; one record for each shape.</summary>
public abstract record TransactionEnvelope : IXdr<TransactionEnvelope>
{
    /// <summary>How many signatures an envelope may have.</summary>
    public const int MaxSignatures = 20;

    private protected TransactionEnvelope(ValueList<DecoratedSignature> signatures) => Signatures = signatures;

    /// <summary>The shape.</summary>
    public abstract EnvelopeType Type { get; }

    /// <summary>The signatures; at most <see cref="MaxSignatures"/>.</summary>
    public ValueList<DecoratedSignature> Signatures { get; init; }

    /// <inheritdoc/>
    public static TransactionEnvelope Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<EnvelopeType>();
        return type switch
        {
            EnvelopeType.TxV0 => TransactionV0Envelope.ReadBody(ref reader),
            EnvelopeType.Tx => TransactionV1Envelope.ReadBody(ref reader),
            EnvelopeType.TxFeeBump => FeeBumpTransactionEnvelope.ReadBody(ref reader),
            _ => throw XdrException.Discriminant("transaction envelope type", (int)type),
        };
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        WriteTransaction(writer);
        writer.WriteList(Signatures, MaxSignatures);
    }

    private protected abstract void WriteTransaction(XdrWriter writer);
}

/// <summary>An envelope of the oldest shape.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Signatures">The signatures.</param>
public sealed record TransactionV0Envelope(TransactionV0 Transaction, ValueList<DecoratedSignature> Signatures)
    : TransactionEnvelope(Signatures)
{
    /// <inheritdoc/>
    public override EnvelopeType Type => EnvelopeType.TxV0;

    internal static TransactionV0Envelope ReadBody(ref XdrReader reader) =>
        new(TransactionV0.Read(ref reader), reader.ReadList<DecoratedSignature>(MaxSignatures));

    private protected override void WriteTransaction(XdrWriter writer) => Transaction.Write(writer);
}

/// <summary>An envelope of a transaction.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Signatures">The signatures.</param>
public sealed record TransactionV1Envelope(Transaction Transaction, ValueList<DecoratedSignature> Signatures)
    : TransactionEnvelope(Signatures)
{
    /// <inheritdoc/>
    public override EnvelopeType Type => EnvelopeType.Tx;

    internal static TransactionV1Envelope ReadBody(ref XdrReader reader) =>
        new(Transaction.Read(ref reader), reader.ReadList<DecoratedSignature>(MaxSignatures));

    private protected override void WriteTransaction(XdrWriter writer) => Transaction.Write(writer);
}

/// <summary>An envelope of a fee bump.</summary>
/// <param name="Transaction">The fee bump, which holds the inner transaction with its own signatures.</param>
/// <param name="Signatures">The fee source's signatures.</param>
public sealed record FeeBumpTransactionEnvelope(
    FeeBumpTransaction Transaction,
    ValueList<DecoratedSignature> Signatures) : TransactionEnvelope(Signatures)
{
    /// <inheritdoc/>
    public override EnvelopeType Type => EnvelopeType.TxFeeBump;

    internal static FeeBumpTransactionEnvelope ReadBody(ref XdrReader reader) =>
        new(FeeBumpTransaction.Read(ref reader), reader.ReadList<DecoratedSignature>(MaxSignatures));

    private protected override void WriteTransaction(XdrWriter writer) => Transaction.Write(writer);
}
