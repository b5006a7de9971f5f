namespace StellarPay.Stellar.Xdr;

/// <summary>A contract's data as the ledger keeps it. XDR's <c>ContractDataEntry</c>.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Key">The key.</param>
/// <param name="Durability">How long it lasts.</param>
/// <param name="Value">The value.</param>
public sealed record ContractDataEntry(
    ScAddress Contract,
    ScVal Key,
    ContractDataDurability Durability,
    ScVal Value) : LedgerEntryData, IXdr<ContractDataEntry>
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.ContractData;

    /// <inheritdoc/>
    public static ContractDataEntry Read(ref XdrReader reader)
    {
        reader.ReadVoidExtension();
        return new ContractDataEntry(
            ScAddress.Read(ref reader),
            ScVal.Read(ref reader),
            reader.ReadEnum<ContractDataDurability>(),
            ScVal.Read(ref reader));
    }

    /// <inheritdoc/>
    public override LedgerKey ToKey() => new LedgerKeyContractData(Contract, Key, Durability);

    /// <inheritdoc/>
    public override void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(0);
        Contract.Write(writer);
        Key.Write(writer);
        writer.WriteEnum(Durability);
        Value.Write(writer);
    }
}

/// <summary>A contract's WebAssembly as the ledger keeps it. XDR's <c>ContractCodeEntry</c>.</summary>
/// <param name="WasmHash">Its SHA-256.</param>
/// <param name="Code">The module.</param>
/// <param name="CostInputs">What its parsing costs; null for entries without that extension.</param>
public sealed record ContractCodeEntry(Hash WasmHash, Bytes Code, ContractCodeCostInputs? CostInputs = null)
    : LedgerEntryData, IXdr<ContractCodeEntry>
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.ContractCode;

    /// <inheritdoc/>
    public static ContractCodeEntry Read(ref XdrReader reader)
    {
        ContractCodeCostInputs? inputs = null;
        if (reader.ReadExtension(1))
        {
            reader.ReadVoidExtension();
            inputs = ContractCodeCostInputs.Read(ref reader);
        }

        return new ContractCodeEntry(Hash.Read(ref reader), Bytes.Create(reader.ReadVariable()), inputs);
    }

    /// <inheritdoc/>
    public override LedgerKey ToKey() => new LedgerKeyContractCode(WasmHash);

    /// <inheritdoc/>
    public override void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(CostInputs is null ? 0 : 1);
        if (CostInputs is not null)
        {
            writer.WriteInt32(0);
            CostInputs.Write(writer);
        }

        WasmHash.Write(writer);
        writer.WriteVariable(Code.AsSpan());
    }
}

/// <summary>What a module's parsing costs, by what is in it. XDR's <c>ContractCodeCostInputs</c>.</summary>
/// <param name="Instructions">Instructions.</param>
/// <param name="Functions">Functions.</param>
/// <param name="Globals">Globals.</param>
/// <param name="TableEntries">Table entries.</param>
/// <param name="Types">Types.</param>
/// <param name="DataSegments">Data segments.</param>
/// <param name="ElementSegments">Element segments.</param>
/// <param name="Imports">Imports.</param>
/// <param name="Exports">Exports.</param>
/// <param name="DataSegmentBytes">Bytes in data segments.</param>
public sealed record ContractCodeCostInputs(
    uint Instructions,
    uint Functions,
    uint Globals,
    uint TableEntries,
    uint Types,
    uint DataSegments,
    uint ElementSegments,
    uint Imports,
    uint Exports,
    uint DataSegmentBytes) : IXdr<ContractCodeCostInputs>
{
    /// <inheritdoc/>
    public static ContractCodeCostInputs Read(ref XdrReader reader)
    {
        reader.ReadVoidExtension();
        return new ContractCodeCostInputs(
            reader.ReadUInt32(),
            reader.ReadUInt32(),
            reader.ReadUInt32(),
            reader.ReadUInt32(),
            reader.ReadUInt32(),
            reader.ReadUInt32(),
            reader.ReadUInt32(),
            reader.ReadUInt32(),
            reader.ReadUInt32(),
            reader.ReadUInt32());
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(0);
        writer.WriteUInt32(Instructions);
        writer.WriteUInt32(Functions);
        writer.WriteUInt32(Globals);
        writer.WriteUInt32(TableEntries);
        writer.WriteUInt32(Types);
        writer.WriteUInt32(DataSegments);
        writer.WriteUInt32(ElementSegments);
        writer.WriteUInt32(Imports);
        writer.WriteUInt32(Exports);
        writer.WriteUInt32(DataSegmentBytes);
    }
}

/// <summary>How long a contract's entry lives. XDR's <c>TTLEntry</c>.</summary>
/// <param name="KeyHash">The SHA-256 of the entry's key.</param>
/// <param name="LiveUntil">The last ledger in which it lives.</param>
public sealed record TtlEntry(Hash KeyHash, uint LiveUntil) : LedgerEntryData, IXdr<TtlEntry>
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.Ttl;

    /// <inheritdoc/>
    public static TtlEntry Read(ref XdrReader reader) => new(Hash.Read(ref reader), reader.ReadUInt32());

    /// <inheritdoc/>
    public override LedgerKey ToKey() => new LedgerKeyTtl(KeyHash);

    /// <inheritdoc/>
    public override void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        KeyHash.Write(writer);
        writer.WriteUInt32(LiveUntil);
    }
}
