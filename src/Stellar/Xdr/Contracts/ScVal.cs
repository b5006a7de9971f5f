namespace StellarPay.Stellar.Xdr;

/// <summary>A contract value. XDR's <c>SCVal</c>.</summary>
public abstract record ScVal : IXdr<ScVal>
{
    private protected ScVal()
    {
    }

    /// <summary>The kind.</summary>
    public abstract ScValType Type { get; }

    /// <inheritdoc/>
    public static ScVal Read(ref XdrReader reader)
    {
        reader.Enter();
        var type = reader.ReadEnum<ScValType>();
        var value = type <= ScValType.I256 ? ReadNumber(ref reader, type) : ReadObject(ref reader, type);
        reader.Leave();
        return value;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        WriteBody(writer);
    }

    private protected abstract void WriteBody(XdrWriter writer);

    private static ScVal ReadNumber(ref XdrReader reader, ScValType type) => type switch
    {
        ScValType.Bool => new ScBool(reader.ReadBool()),
        ScValType.Void => ScVoid.Instance,
        ScValType.Error => new ScErrorVal(ScError.Read(ref reader)),
        ScValType.U32 => new ScU32(reader.ReadUInt32()),
        ScValType.I32 => new ScI32(reader.ReadInt32()),
        ScValType.U64 => new ScU64(reader.ReadUInt64()),
        ScValType.I64 => new ScI64(reader.ReadInt64()),
        ScValType.Timepoint => new ScTimepoint(reader.ReadUInt64()),
        ScValType.Duration => new ScDuration(reader.ReadUInt64()),
        ScValType.U128 => ScU128.ReadBody(ref reader),
        ScValType.I128 => ScI128.ReadBody(ref reader),
        ScValType.U256 => new ScU256(Hash.Read(ref reader)),
        ScValType.I256 => new ScI256(Hash.Read(ref reader)),
        _ => throw XdrException.Discriminant("contract number type", (int)type),
    };

    private static ScVal ReadObject(ref XdrReader reader, ScValType type) => type switch
    {
        ScValType.Bytes => new ScBytes(Bytes.Create(reader.ReadVariable())),
        ScValType.String => new ScString(XdrString.Read(ref reader)),
        ScValType.Symbol => new ScSymbol(XdrString.Read(ref reader, ScSymbol.MaxBytes)),
        ScValType.Vec => new ScVec(reader.ReadBool() ? reader.ReadList<ScVal>() : null),
        ScValType.Map => new ScMap(reader.ReadBool() ? reader.ReadList<ScMapEntry>() : null),
        ScValType.Address => new ScAddressVal(ScAddress.Read(ref reader)),
        ScValType.ContractInstance => ScContractInstance.ReadBody(ref reader),
        ScValType.LedgerKeyContractInstance => ScLedgerKeyContractInstance.Instance,
        ScValType.LedgerKeyNonce => new ScLedgerKeyNonce(reader.ReadInt64()),
        _ => throw XdrException.Discriminant("contract value type", (int)type),
    };
}
