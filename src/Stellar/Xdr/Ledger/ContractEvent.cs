namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of events.</summary>
public enum ContractEventType
{
    /// <summary>Of the host.</summary>
    System = 0,

    /// <summary>Of a contract.</summary>
    Contract = 1,

    /// <summary>For diagnosis.</summary>
    Diagnostic = 2,
}

/// <summary>What a contract, or the network for an asset, says. XDR's <c>ContractEvent</c>.</summary>
/// <param name="ContractId">The contract, or null.</param>
/// <param name="Type">The kind.</param>
/// <param name="Topics">What it is about.</param>
/// <param name="Data">What it says.</param>
public sealed record ContractEvent(Hash? ContractId, ContractEventType Type, ValueList<ScVal> Topics, ScVal Data)
    : IXdr<ContractEvent>
{
    /// <inheritdoc/>
    public static ContractEvent Read(ref XdrReader reader)
    {
        reader.ReadVoidExtension();
        var contract = reader.ReadOptionalValue<Hash>();
        var type = reader.ReadEnum<ContractEventType>();
        reader.ReadVoidExtension();
        return new ContractEvent(contract, type, reader.ReadList<ScVal>(), ScVal.Read(ref reader));
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(0);
        writer.WriteOptional(ContractId);
        writer.WriteEnum(Type);
        writer.WriteInt32(0);
        writer.WriteList(Topics);
        Data.Write(writer);
    }
}

/// <summary>An event for diagnosis. XDR's <c>DiagnosticEvent</c>.</summary>
/// <param name="InSuccessfulCall">Whether the call that raised it succeeded.</param>
/// <param name="Event">The event.</param>
public sealed record DiagnosticEvent(bool InSuccessfulCall, ContractEvent Event) : IXdr<DiagnosticEvent>
{
    /// <inheritdoc/>
    public static DiagnosticEvent Read(ref XdrReader reader) => new(reader.ReadBool(), ContractEvent.Read(ref reader));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteBool(InSuccessfulCall);
        Event.Write(writer);
    }
}

/// <summary>When an event of a transaction itself happened.</summary>
public enum TransactionEventStage
{
    /// <summary>Before any transaction of the ledger was applied.</summary>
    BeforeAllTransactions = 0,

    /// <summary>Right after the transaction was applied.</summary>
    AfterTransaction = 1,

    /// <summary>After all transactions of the ledger were applied.</summary>
    AfterAllTransactions = 2,
}

/// <summary>An event of a transaction itself. XDR's <c>TransactionEvent</c>.</summary>
/// <param name="Stage">When it happened.</param>
/// <param name="Event">The event.</param>
public sealed record TransactionEvent(TransactionEventStage Stage, ContractEvent Event) : IXdr<TransactionEvent>
{
    /// <inheritdoc/>
    public static TransactionEvent Read(ref XdrReader reader) =>
        new(reader.ReadEnum<TransactionEventStage>(), ContractEvent.Read(ref reader));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Stage);
        Event.Write(writer);
    }
}
