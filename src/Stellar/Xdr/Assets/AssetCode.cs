using System.Buffers.Binary;
using System.Text;

namespace StellarPay.Stellar.Xdr;

/// <summary>An asset's code as it is on the wire: 4 or 12 bytes, zeros after the last character. XDR's
/// <c>AssetCode</c>. Bytes that are no valid code are kept, since the ledger has to name what is malformed. The default
/// is no code, as lumens have it, and has no XDR of its own. Order is core's: by kind, then bytes.</summary>
public readonly struct AssetCode : IEquatable<AssetCode>, IComparable<AssetCode>, IXdr<AssetCode>
{
    private const int ShortSize = 4;
    private const int LongSize = 12;

    private readonly ulong _head;
    private readonly uint _tail;

    /// <summary>A code from its wire bytes.</summary>
    /// <param name="padded">4 or 12 bytes.</param>
    /// <exception cref="ArgumentException">There are neither 4 nor 12.</exception>
    public AssetCode(ReadOnlySpan<byte> padded)
    {
        switch (padded.Length)
        {
            case ShortSize:
                Type = AssetType.CreditAlphanum4;
                _head = (ulong)BinaryPrimitives.ReadUInt32BigEndian(padded) << 32;
                break;
            case LongSize:
                Type = AssetType.CreditAlphanum12;
                _head = BinaryPrimitives.ReadUInt64BigEndian(padded);
                _tail = BinaryPrimitives.ReadUInt32BigEndian(padded[8..]);
                break;
            default:
                throw new ArgumentException($"An asset code has 4 or 12 bytes, not {padded.Length}.", nameof(padded));
        }
    }

    internal AssetCode(AssetType type) => Type = type;

    /// <summary>The kind: alphanum4 or alphanum12, or native for the default.</summary>
    public AssetType Type { get; }

    /// <summary>How many bytes it has on the wire: 4, 12, or 0 for the default.</summary>
    public int Size => Type switch
    {
        AssetType.CreditAlphanum4 => ShortSize,
        AssetType.CreditAlphanum12 => LongSize,
        _ => 0,
    };

    /// <summary>Whether the ledger accepts it: letters and digits, then only zeros; at least 1 of 4 or 5 of
    /// 12.</summary>
    public bool IsValid
    {
        get
        {
            Span<byte> bytes = stackalloc byte[LongSize];
            var code = bytes[..CopyTo(bytes)];
            var length = code.IndexOf((byte)0);
            if (length < 0)
                length = code.Length;
            foreach (var b in code[..length])
            {
                if (!char.IsAsciiLetterOrDigit((char)b))
                    return false;
            }

            return length >= (Size == LongSize ? ShortSize + 1 : 1) && code[length..].IndexOfAnyExcept((byte)0) < 0;
        }
    }

    /// <summary>Whether kinds and bytes are equal.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are.</returns>
    public static bool operator ==(AssetCode left, AssetCode right) => left.Equals(right);

    /// <summary>Whether kind or bytes differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they do.</returns>
    public static bool operator !=(AssetCode left, AssetCode right) => !left.Equals(right);

    /// <summary>Reads a code as people write it.</summary>
    /// <param name="text">1 to 12 ASCII letters and digits, such as <c>USDC</c>.</param>
    /// <returns>The code; 4 characters or fewer make an alphanum4.</returns>
    /// <exception cref="FormatException">It is not such a text.</exception>
    public static AssetCode Parse(string text) =>
        TryParse(text, out var code)
            ? code
            : throw new FormatException("An asset code has 1 to 12 ASCII letters and digits.");

    /// <summary>Reads a code as people write it.</summary>
    /// <param name="text">1 to 12 ASCII letters and digits, such as <c>USDC</c>.</param>
    /// <param name="code">The code; 4 characters or fewer make an alphanum4.</param>
    /// <returns>Whether it is such a text.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out AssetCode code)
    {
        code = default;
        if (text.Length is 0 or > LongSize)
            return false;
        Span<byte> bytes = stackalloc byte[text.Length <= ShortSize ? ShortSize : LongSize];
        bytes.Clear();
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]))
                return false;
            bytes[i] = (byte)text[i];
        }

        code = new AssetCode(bytes);
        return true;
    }

    /// <inheritdoc/>
    public static AssetCode Read(ref XdrReader reader) => ReadBody(ref reader, reader.ReadEnum<AssetType>());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Size == 0)
            throw XdrException.Discriminant("asset code type", (int)Type);
        writer.WriteEnum(Type);
        WriteBody(writer);
    }

    /// <summary>Copies the wire bytes.</summary>
    /// <param name="destination">Where to; <see cref="Size"/> bytes.</param>
    /// <returns>How many were copied.</returns>
    public int CopyTo(Span<byte> destination)
    {
        if (Type == AssetType.CreditAlphanum4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)(_head >> 32));
        }
        else if (Type == AssetType.CreditAlphanum12)
        {
            BinaryPrimitives.WriteUInt64BigEndian(destination, _head);
            BinaryPrimitives.WriteUInt32BigEndian(destination[8..], _tail);
        }

        return Size;
    }

    /// <inheritdoc/>
    public bool Equals(AssetCode other) => _head == other._head && _tail == other._tail && Type == other.Type;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AssetCode other && Equals(other);

    /// <inheritdoc/>
    public int CompareTo(AssetCode other)
    {
        var order = Type.CompareTo(other.Type);
        if (order == 0)
            order = _head.CompareTo(other._head);
        return order != 0 ? order : _tail.CompareTo(other._tail);
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_head, _tail, (int)Type);

    /// <summary>The code without its trailing zeros; bytes that are not ASCII become <c>?</c>.</summary>
    /// <returns>The text; empty for the default.</returns>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[LongSize];
        return Encoding.ASCII.GetString(bytes[..CopyTo(bytes)].TrimEnd((byte)0));
    }

    internal static AssetCode ReadBody(ref XdrReader reader, AssetType type) => type switch
    {
        AssetType.CreditAlphanum4 => new AssetCode(reader.ReadFixed(ShortSize)),
        AssetType.CreditAlphanum12 => new AssetCode(reader.ReadFixed(LongSize)),
        _ => throw XdrException.Discriminant("asset code type", (int)type),
    };

    internal void WriteBody(XdrWriter writer)
    {
        Span<byte> bytes = stackalloc byte[LongSize];
        writer.WriteFixed(bytes[..CopyTo(bytes)]);
    }
}
