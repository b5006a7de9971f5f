using System.Buffers.Binary;

namespace StellarPay.Stellar.Xdr;

/// <summary>32 bytes by value (XDR's <c>Hash</c>, <c>uint256</c>, <c>PoolID</c>, <c>ContractID</c>): hashes, raw
/// Ed25519 keys, pool ids. Order is that of the bytes. The default is all zeros.</summary>
public readonly struct Hash : IEquatable<Hash>, IComparable<Hash>, IXdr<Hash>
{
    /// <summary>How many bytes it has.</summary>
    public const int Size = 32;

    // Big-endian words, so that comparing numbers compares bytes.
    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Copies 32 bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="ArgumentException">There are not exactly 32.</exception>
    public Hash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"A hash has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Whether all bytes are equal.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are.</returns>
    public static bool operator ==(Hash left, Hash right) => left.Equals(right);

    /// <summary>Whether some byte differs.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether it does.</returns>
    public static bool operator !=(Hash left, Hash right) => !left.Equals(right);

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <param name="hex">The digits.</param>
    /// <returns>The hash.</returns>
    /// <exception cref="FormatException">They are not 64 hexadecimal digits.</exception>
    public static Hash FromHex(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        return bytes.Length == Size
            ? new Hash(bytes)
            : throw new FormatException($"A hash has {2 * Size} hexadecimal digits, not {hex.Length}.");
    }

    /// <inheritdoc/>
    public static Hash Read(ref XdrReader reader) => new(reader.ReadFixed(Size));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt64(_a);
        writer.WriteUInt64(_b);
        writer.WriteUInt64(_c);
        writer.WriteUInt64(_d);
    }

    /// <summary>Copies the 32 bytes.</summary>
    /// <param name="destination">Where to; at least 32 bytes.</param>
    /// <exception cref="ArgumentException">It is too short.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < Size)
            throw new ArgumentException("The destination is too short.", nameof(destination));
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>The bytes in an array of their own.</summary>
    /// <returns>A new array of 32 bytes.</returns>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(Hash other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Hash other && Equals(other);

    /// <inheritdoc/>
    public int CompareTo(Hash other)
    {
        if (_a != other._a)
            return _a < other._a ? -1 : 1;
        if (_b != other._b)
            return _b < other._b ? -1 : 1;
        return _c != other._c ? _c.CompareTo(other._c) : _d.CompareTo(other._d);
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
