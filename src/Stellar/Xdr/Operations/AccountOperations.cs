namespace StellarPay.Stellar.Xdr;

/// <summary>Changes an account's options; what is null stays as it is.</summary>
/// <param name="InflationDestination">Whom the account votes for in inflation.</param>
/// <param name="ClearFlags">The <see cref="AccountFlags"/> to clear.</param>
/// <param name="SetFlags">The <see cref="AccountFlags"/> to set.</param>
/// <param name="MasterWeight">The weight of the account's own key, 0 to 255.</param>
/// <param name="LowThreshold">The low threshold, 0 to 255.</param>
/// <param name="MediumThreshold">The medium threshold, 0 to 255.</param>
/// <param name="HighThreshold">The high threshold, 0 to 255.</param>
/// <param name="HomeDomain">The home domain, at most 32 bytes; empty removes it.</param>
/// <param name="Signer">A signer to add, change or, with weight 0, remove.</param>
public sealed record SetOptionsOperation(
    AccountId? InflationDestination,
    uint? ClearFlags,
    uint? SetFlags,
    uint? MasterWeight,
    uint? LowThreshold,
    uint? MediumThreshold,
    uint? HighThreshold,
    XdrString? HomeDomain,
    Signer? Signer) : OperationBody
{
    internal const int MaxHomeDomainBytes = 32;

    /// <inheritdoc/>
    public override OperationType Type => OperationType.SetOptions;

    internal static SetOptionsOperation ReadBody(ref XdrReader reader) => new(
        reader.ReadOptionalValue<AccountId>(),
        reader.ReadOptionalUInt32(),
        reader.ReadOptionalUInt32(),
        reader.ReadOptionalUInt32(),
        reader.ReadOptionalUInt32(),
        reader.ReadOptionalUInt32(),
        reader.ReadOptionalUInt32(),
        ReadHomeDomain(ref reader),
        reader.ReadOptional<Signer>());

    private protected override void WriteBody(XdrWriter writer)
    {
        writer.WriteOptional(InflationDestination);
        writer.WriteOptional(ClearFlags);
        writer.WriteOptional(SetFlags);
        writer.WriteOptional(MasterWeight);
        writer.WriteOptional(LowThreshold);
        writer.WriteOptional(MediumThreshold);
        writer.WriteOptional(HighThreshold);
        WriteHomeDomain(writer);
        writer.WriteOptional(Signer);
    }

    private static XdrString? ReadHomeDomain(ref XdrReader reader) =>
        reader.ReadBool() ? XdrString.Read(ref reader, MaxHomeDomainBytes) : default(XdrString?);

    private void WriteHomeDomain(XdrWriter writer)
    {
        writer.WriteBool(HomeDomain.HasValue);
        HomeDomain?.Write(writer, MaxHomeDomainBytes);
    }
}

/// <summary>Sets or removes a data entry.</summary>
/// <param name="Name">Its name, at most 64 bytes.</param>
/// <param name="Value">Its value, at most 64 bytes; null removes it.</param>
public sealed record ManageDataOperation(XdrString Name, Bytes? Value) : OperationBody
{
    /// <summary>How many bytes a name may have.</summary>
    public const int MaxNameBytes = 64;

    /// <summary>How many bytes a value may have.</summary>
    public const int MaxValueBytes = 64;

    /// <inheritdoc/>
    public override OperationType Type => OperationType.ManageData;

    internal static ManageDataOperation ReadBody(ref XdrReader reader) => new(
        XdrString.Read(ref reader, MaxNameBytes),
        reader.ReadBool() ? Bytes.Create(reader.ReadVariable(MaxValueBytes)) : null);

    private protected override void WriteBody(XdrWriter writer)
    {
        Name.Write(writer, MaxNameBytes);
        WriteValue(writer);
    }

    private void WriteValue(XdrWriter writer)
    {
        writer.WriteBool(Value.HasValue);
        if (Value is { } value)
            writer.WriteVariable(value.AsSpan(), MaxValueBytes);
    }
}

/// <summary>Raises an account's sequence number.</summary>
/// <param name="BumpTo">What to; nothing happens if it is there already.</param>
public sealed record BumpSequenceOperation(long BumpTo) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.BumpSequence;

    internal static BumpSequenceOperation ReadBody(ref XdrReader reader) => new(reader.ReadInt64());

    private protected override void WriteBody(XdrWriter writer) => writer.WriteInt64(BumpTo);
}

/// <summary>Runs inflation, which the network has given up (CAP-26).</summary>
public sealed record InflationOperation : OperationBody
{
    private InflationOperation()
    {
    }

    /// <summary>The one value.</summary>
    public static InflationOperation Instance { get; } = new();

    /// <inheritdoc/>
    public override OperationType Type => OperationType.Inflation;

    private protected override void WriteBody(XdrWriter writer)
    {
    }
}
