namespace StellarPay.Stellar.Xdr;

/// <summary>A boolean.</summary>
/// <param name="Value">The boolean.</param>
public sealed record ScBool(bool Value) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.Bool;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteBool(Value);
}

/// <summary>Nothing.</summary>
public sealed record ScVoid : ScVal
{
    private ScVoid()
    {
    }

    /// <summary>The one value.</summary>
    public static ScVoid Instance { get; } = new();

    /// <inheritdoc/>
    public override ScValType Type => ScValType.Void;

    private protected override void WriteBody(XdrWriter writer)
    {
    }
}

/// <summary>An error.</summary>
/// <param name="Error">The error.</param>
public sealed record ScErrorVal(ScError Error) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.Error;

    private protected override void WriteBody(XdrWriter writer) => Error.Write(writer);
}

/// <summary>A 32-bit unsigned number.</summary>
/// <param name="Value">The number.</param>
public sealed record ScU32(uint Value) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.U32;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteUInt32(Value);
}

/// <summary>A 32-bit signed number.</summary>
/// <param name="Value">The number.</param>
public sealed record ScI32(int Value) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.I32;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteInt32(Value);
}

/// <summary>A 64-bit unsigned number.</summary>
/// <param name="Value">The number.</param>
public sealed record ScU64(ulong Value) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.U64;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteUInt64(Value);
}

/// <summary>A 64-bit signed number.</summary>
/// <param name="Value">The number.</param>
public sealed record ScI64(long Value) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.I64;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteInt64(Value);
}

/// <summary>A moment.</summary>
/// <param name="UnixSeconds">The moment in Unix seconds.</param>
public sealed record ScTimepoint(ulong UnixSeconds) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.Timepoint;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteUInt64(UnixSeconds);
}

/// <summary>A length of time.</summary>
/// <param name="Seconds">The length in seconds.</param>
public sealed record ScDuration(ulong Seconds) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.Duration;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteUInt64(Seconds);
}

/// <summary>A 128-bit unsigned number.</summary>
/// <param name="Value">The number.</param>
public sealed record ScU128(UInt128 Value) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.U128;

    internal static ScU128 ReadBody(ref XdrReader reader)
    {
        var high = reader.ReadUInt64();
        return new ScU128(new UInt128(high, reader.ReadUInt64()));
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        writer.WriteUInt64(unchecked((ulong)(Value >> 64)));
        writer.WriteUInt64(unchecked((ulong)Value));
    }
}

/// <summary>A 128-bit signed number.</summary>
/// <param name="Value">The number.</param>
public sealed record ScI128(Int128 Value) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.I128;

    internal static ScI128 ReadBody(ref XdrReader reader)
    {
        var high = reader.ReadUInt64();
        return new ScI128(unchecked((Int128)new UInt128(high, reader.ReadUInt64())));
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        writer.WriteUInt64(unchecked((ulong)(Value >> 64)));
        writer.WriteUInt64(unchecked((ulong)Value));
    }
}

/// <summary>A 256-bit unsigned number.</summary>
/// <param name="BigEndian">Its 32 bytes, most significant first.</param>
public sealed record ScU256(Hash BigEndian) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.U256;

    private protected override void WriteBody(XdrWriter writer) => BigEndian.Write(writer);
}

/// <summary>A 256-bit signed number.</summary>
/// <param name="BigEndian">Its 32 bytes in two's complement, most significant first.</param>
public sealed record ScI256(Hash BigEndian) : ScVal
{
    /// <inheritdoc/>
    public override ScValType Type => ScValType.I256;

    private protected override void WriteBody(XdrWriter writer) => BigEndian.Write(writer);
}
