namespace StellarPay.Stellar.Xdr;

/// <summary>Bytes.</summary>
/// <param name="Value">The bytes.</param>
public sealed record ScBytes(Bytes Value) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.Bytes;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteVariable(Value.AsSpan());
}

/// <summary>A string.</summary>
/// <param name="Value">The string.</param>
public sealed record ScString(XdrString Value) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.String;

    private protected override void WriteBody(XdrWriter writer) => Value.Write(writer);
}

/// <summary>A symbol, such as a function's name.</summary>
/// <param name="Value">At most <see cref="MaxBytes"/> bytes.</param>
public sealed record ScSymbol(XdrString Value) : ScVal
{
    /// <summary>How many bytes a symbol may have.</summary>
    public const int MaxBytes = 32;

    /// <inheritdoc/>
    public override ScValType Type => ScValType.Symbol;

    private protected override void WriteBody(XdrWriter writer) => Value.Write(writer, MaxBytes);
}

/// <summary>A list.</summary>
/// <param name="Items">What is in it; null only in values that no contract accepts.</param>
public sealed record ScVec(ValueList<ScVal>? Items) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.Vec;

    private protected override void WriteBody(XdrWriter writer)
    {
        writer.WriteBool(Items.HasValue);
        if (Items is { } items)
            writer.WriteList(items);
    }
}

/// <summary>A map.</summary>
/// <param name="Entries">What is in it, which hosts want ordered by key; null only in values that no contract
/// accepts.</param>
public sealed record ScMap(ValueList<ScMapEntry>? Entries) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.Map;

    private protected override void WriteBody(XdrWriter writer)
    {
        writer.WriteBool(Entries.HasValue);
        if (Entries is { } entries)
            writer.WriteList(entries);
    }
}

/// <summary>A key and its value. XDR's <c>SCMapEntry</c>.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
public sealed record ScMapEntry(ScVal Key, ScVal Value) : IXdr<ScMapEntry>
{
    /// <inheritdoc/>
    public static ScMapEntry Read(ref XdrReader reader) => new(ScVal.Read(ref reader), ScVal.Read(ref reader));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        Key.Write(writer);
        Value.Write(writer);
    }
}

/// <summary>An address.</summary>
/// <param name="Address">The address.</param>
public sealed record ScAddressVal(ScAddress Address) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.Address;

    private protected override void WriteBody(XdrWriter writer) => Address.Write(writer);
}

/// <summary>A contract's instance.</summary>
/// <param name="Executable">What it runs.</param>
/// <param name="Storage">Its instance storage, or null.</param>
public sealed record ScContractInstance(ContractExecutable Executable, ValueList<ScMapEntry>? Storage) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.ContractInstance;

    internal static ScContractInstance ReadBody(ref XdrReader reader) =>
        new(ContractExecutable.Read(ref reader), reader.ReadBool() ? reader.ReadList<ScMapEntry>() : null);

    private protected override void WriteBody(XdrWriter writer)
    {
        Executable.Write(writer);
        writer.WriteBool(Storage.HasValue);
        if (Storage is { } entries)
            writer.WriteList(entries);
    }
}

/// <summary>The ledger key of a contract's instance.</summary>
public sealed record ScLedgerKeyContractInstance : ScVal
{
    private ScLedgerKeyContractInstance()
    {
    }

    /// <summary>The one value.</summary>
    public static ScLedgerKeyContractInstance Instance { get; } = new();

    /// <inheritdoc/>
    public override ScValType Type => ScValType.LedgerKeyContractInstance;

    private protected override void WriteBody(XdrWriter writer)
    {
    }
}

/// <summary>The ledger key of an authorisation's nonce.</summary>
/// <param name="Nonce">The nonce.</param>
public sealed record ScLedgerKeyNonce(long Nonce) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.LedgerKeyNonce;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteInt64(Nonce);
}
