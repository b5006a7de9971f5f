using System.Text;

namespace StellarPay.Stellar.Xdr;

/// <summary>XDR's <c>string</c>: bytes that are usually, but need not be, UTF-8, kept as they came. Equality and order
/// are those of the bytes.</summary>
/// <param name="Bytes">The bytes.</param>
public readonly record struct XdrString(Bytes Bytes) : IComparable<XdrString>
{
    /// <summary>How many bytes there are.</summary>
    public int Length => Bytes.Length;

    /// <summary>Whether the bytes are valid UTF-8.</summary>
    public bool IsUtf8 => System.Text.Unicode.Utf8.IsValid(Bytes.AsSpan());

    /// <summary>The text's UTF-8.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator XdrString(string text) => new(Bytes.Create(Encoding.UTF8.GetBytes(text)));

    /// <inheritdoc/>
    public int CompareTo(XdrString other) => Bytes.CompareTo(other.Bytes);

    /// <summary>The bytes read as UTF-8; what is not UTF-8 becomes U+FFFD.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Encoding.UTF8.GetString(Bytes.AsSpan());

    internal static XdrString Read(ref XdrReader reader, int max = int.MaxValue) =>
        new(Bytes.Create(reader.ReadVariable(max)));

    internal void Write(XdrWriter writer, int max = int.MaxValue) => writer.WriteVariable(Bytes.AsSpan(), max);
}
