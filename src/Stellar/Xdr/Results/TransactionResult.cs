namespace StellarPay.Stellar.Xdr;

/// <summary>What became of a transaction. XDR's <c>TransactionResult</c>.</summary>
/// <param name="FeeCharged">What it cost, in stroops.</param>
/// <param name="Code">What became of it.</param>
/// <param name="Operations">What became of each operation; only with <see cref="TransactionResultCode.Success"/> and
/// <see cref="TransactionResultCode.Failed"/>.</param>
/// <param name="Inner">What became of a fee bump's inner transaction; there if and only if the code says so.</param>
public sealed record TransactionResult(
    long FeeCharged,
    TransactionResultCode Code,
    ValueList<OperationResult> Operations = default,
    InnerTransactionResultPair? Inner = null) : IXdr<TransactionResult>
{
    /// <summary>Whether it, or its inner transaction, succeeded.</summary>
    public bool IsSuccess => Code is TransactionResultCode.Success or TransactionResultCode.FeeBumpInnerSuccess;

    /// <inheritdoc/>
    public static TransactionResult Read(ref XdrReader reader)
    {
        var fee = reader.ReadInt64();
        var code = reader.ReadEnum<TransactionResultCode>();
        var operations = HasOperations(code) ? reader.ReadList<OperationResult>() : default;
        var inner = HasInner(code) ? InnerTransactionResultPair.Read(ref reader) : null;
        reader.ReadVoidExtension();
        return new TransactionResult(fee, code, operations, inner);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt64(FeeCharged);
        writer.WriteEnum(Code);
        if (HasOperations(Code))
            writer.WriteList(Operations);
        else if (HasInner(Code))
            OperationResultBody.Arm(Inner).Write(writer);
        writer.WriteInt32(0);
    }

    internal static bool HasOperations(TransactionResultCode code) =>
        code is TransactionResultCode.Success or TransactionResultCode.Failed;

    internal static bool HasInner(TransactionResultCode code) =>
        code is TransactionResultCode.FeeBumpInnerSuccess or TransactionResultCode.FeeBumpInnerFailed;
}

/// <summary>What became of the transaction inside a fee bump. XDR's <c>InnerTransactionResult</c>.</summary>
/// <param name="FeeCharged">0 in protocols that this library knows: the fee bump pays.</param>
/// <param name="Code">What became of it.</param>
/// <param name="Operations">What became of each operation; only with <see cref="TransactionResultCode.Success"/> and
/// <see cref="TransactionResultCode.Failed"/>.</param>
public sealed record InnerTransactionResult(
    long FeeCharged,
    TransactionResultCode Code,
    ValueList<OperationResult> Operations = default) : IXdr<InnerTransactionResult>
{
    /// <inheritdoc/>
    public static InnerTransactionResult Read(ref XdrReader reader)
    {
        var fee = reader.ReadInt64();
        var code = reader.ReadEnum<TransactionResultCode>();
        if (TransactionResult.HasInner(code))
            throw XdrException.Discriminant("result code of an inner transaction", (int)code);
        var operations = TransactionResult.HasOperations(code) ? reader.ReadList<OperationResult>() : default;
        reader.ReadVoidExtension();
        return new InnerTransactionResult(fee, code, operations);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt64(FeeCharged);
        writer.WriteEnum(Code);
        if (TransactionResult.HasOperations(Code))
            writer.WriteList(Operations);
        writer.WriteInt32(0);
    }
}

/// <summary>An inner transaction and what became of it. XDR's <c>InnerTransactionResultPair</c>.</summary>
/// <param name="TransactionHash">The inner transaction's hash.</param>
/// <param name="Result">What became of it.</param>
public sealed record InnerTransactionResultPair(Hash TransactionHash, InnerTransactionResult Result)
    : IXdr<InnerTransactionResultPair>
{
    /// <inheritdoc/>
    public static InnerTransactionResultPair Read(ref XdrReader reader) =>
        new(Hash.Read(ref reader), InnerTransactionResult.Read(ref reader));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        TransactionHash.Write(writer);
        Result.Write(writer);
    }
}

/// <summary>A transaction and what became of it. XDR's <c>TransactionResultPair</c>.</summary>
/// <param name="TransactionHash">The transaction's hash.</param>
/// <param name="Result">What became of it.</param>
public sealed record TransactionResultPair(Hash TransactionHash, TransactionResult Result) : IXdr<TransactionResultPair>
{
    /// <inheritdoc/>
    public static TransactionResultPair Read(ref XdrReader reader) =>
        new(Hash.Read(ref reader), TransactionResult.Read(ref reader));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        TransactionHash.Write(writer);
        Result.Write(writer);
    }
}
