namespace StellarPay.Stellar.Xdr;

/// <summary>A transaction without its signatures. XDR's <c>Transaction</c>.</summary>
/// <param name="Source">Whose sequence number it uses, and who pays the fee.</param>
/// <param name="Fee">The most that it costs, in stroops.</param>
/// <param name="Sequence">The sequence number.</param>
/// <param name="Preconditions">What must hold.</param>
/// <param name="Memo">The memo.</param>
/// <param name="Operations">What it does; at most <see cref="MaxOperations"/>.</param>
/// <param name="SorobanData">What a contract transaction may use; null for the others.</param>
public sealed record Transaction(
    MuxedAccount Source,
    uint Fee,
    long Sequence,
    Preconditions Preconditions,
    Memo Memo,
    ValueList<Operation> Operations,
    SorobanTransactionData? SorobanData = null) : IXdr<Transaction>
{
    /// <summary>How many operations a transaction may have.</summary>
    public const int MaxOperations = 100;

    /// <inheritdoc/>
    public static Transaction Read(ref XdrReader reader) => new(
        MuxedAccount.Read(ref reader),
        reader.ReadUInt32(),
        reader.ReadInt64(),
        Preconditions.Read(ref reader),
        Memo.Read(ref reader),
        reader.ReadList<Operation>(MaxOperations),
        reader.ReadExtension(1) ? SorobanTransactionData.Read(ref reader) : null);

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Source.Write(writer);
        writer.WriteUInt32(Fee);
        writer.WriteInt64(Sequence);
        Preconditions.Write(writer);
        Memo.Write(writer);
        writer.WriteList(Operations, MaxOperations);

        // The extension union (0 nothing, 1 contract data) has the same bytes as an optional value.
        writer.WriteOptional(SorobanData);
    }
}

/// <summary>A transaction of the oldest shape, which the network still accepts. XDR's <c>TransactionV0</c>. It is
/// signed as the <see cref="Transaction"/> that <see cref="ToTransaction"/> gives.</summary>
/// <param name="SourceKey">The source account's raw key.</param>
/// <param name="Fee">The most that it costs, in stroops.</param>
/// <param name="Sequence">The sequence number.</param>
/// <param name="TimeBounds">When it is valid, or null.</param>
/// <param name="Memo">The memo.</param>
/// <param name="Operations">What it does; at most 100.</param>
public sealed record TransactionV0(
    Hash SourceKey,
    uint Fee,
    long Sequence,
    TimeBounds? TimeBounds,
    Memo Memo,
    ValueList<Operation> Operations) : IXdr<TransactionV0>
{
    /// <inheritdoc/>
    public static TransactionV0 Read(ref XdrReader reader)
    {
        var transaction = new TransactionV0(
            Hash.Read(ref reader),
            reader.ReadUInt32(),
            reader.ReadInt64(),
            reader.ReadOptionalValue<TimeBounds>(),
            Memo.Read(ref reader),
            reader.ReadList<Operation>(Transaction.MaxOperations));
        reader.ReadVoidExtension();
        return transaction;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        SourceKey.Write(writer);
        writer.WriteUInt32(Fee);
        writer.WriteInt64(Sequence);
        writer.WriteOptional(TimeBounds);
        Memo.Write(writer);
        writer.WriteList(Operations, Transaction.MaxOperations);
        writer.WriteInt32(0);
    }

    /// <summary>The transaction that is signed and hashed (CAP-15).</summary>
    /// <returns>The transaction.</returns>
    public Transaction ToTransaction() => new(
        new MuxedAccount(new AccountId(SourceKey)),
        Fee,
        Sequence,
        TimeBounds is { } bounds ? Preconditions.Time(bounds) : Preconditions.None,
        Memo,
        Operations);
}
