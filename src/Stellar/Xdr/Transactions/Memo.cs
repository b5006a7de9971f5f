namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of memos.</summary>
public enum MemoType
{
    /// <summary>No memo.</summary>
    None = 0,

    /// <summary>Text.</summary>
    Text = 1,

    /// <summary>A number.</summary>
    Id = 2,

    /// <summary>A hash.</summary>
    Hash = 3,

    /// <summary>The hash of the transaction that is sent back.</summary>
    Return = 4,
}

/// <summary>A transaction's memo. XDR's <c>Memo</c>.</summary>
public abstract record Memo : IXdr<Memo>
{
    private protected Memo()
    {
    }

    /// <summary>No memo.</summary>
    public static Memo None => MemoNone.Instance;

    /// <summary>The kind.</summary>
    public abstract MemoType Type { get; }

    /// <inheritdoc/>
    public static Memo Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<MemoType>();
        return type switch
        {
            MemoType.None => MemoNone.Instance,
            MemoType.Text => new MemoText(XdrString.Read(ref reader, MemoText.MaxBytes)),
            MemoType.Id => new MemoId(reader.ReadUInt64()),
            MemoType.Hash => new MemoHash(Hash.Read(ref reader)),
            MemoType.Return => new MemoReturn(Hash.Read(ref reader)),
            _ => throw XdrException.Discriminant("memo type", (int)type),
        };
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        WriteBody(writer);
    }

    private protected abstract void WriteBody(XdrWriter writer);
}

/// <summary>No memo.</summary>
public sealed record MemoNone : Memo
{
    private MemoNone()
    {
    }

    /// <summary>The one value.</summary>
    public static MemoNone Instance { get; } = new();

    /// <inheritdoc/>
    public override MemoType Type => MemoType.None;

    private protected override void WriteBody(XdrWriter writer)
    {
    }
}

/// <summary>A text memo.</summary>
/// <param name="Text">At most <see cref="MaxBytes"/> bytes; need not be UTF-8.</param>
public sealed record MemoText(XdrString Text) : Memo
{
    /// <summary>How many bytes a text memo may have.</summary>
    public const int MaxBytes = 28;

    /// <inheritdoc/>
    public override MemoType Type => MemoType.Text;

    private protected override void WriteBody(XdrWriter writer) => Text.Write(writer, MaxBytes);
}

/// <summary>A number memo.</summary>
/// <param name="Id">The number.</param>
public sealed record MemoId(ulong Id) : Memo
{
    /// <inheritdoc/>
    public override MemoType Type => MemoType.Id;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteUInt64(Id);
}

/// <summary>A hash memo.</summary>
/// <param name="Hash">The hash.</param>
public sealed record MemoHash(Hash Hash) : Memo
{
    /// <inheritdoc/>
    public override MemoType Type => MemoType.Hash;

    private protected override void WriteBody(XdrWriter writer) => Hash.Write(writer);
}

/// <summary>A return memo.</summary>
/// <param name="Hash">The hash of the transaction that is sent back.</param>
public sealed record MemoReturn(Hash Hash) : Memo
{
    /// <inheritdoc/>
    public override MemoType Type => MemoType.Return;

    private protected override void WriteBody(XdrWriter writer) => Hash.Write(writer);
}
