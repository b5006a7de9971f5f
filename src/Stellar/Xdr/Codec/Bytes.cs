using System.Runtime.CompilerServices;

namespace StellarPay.Stellar.Xdr;

/// <summary>Immutable bytes that equal others by content (XDR's <c>opaque</c>). The default is empty.</summary>
[CollectionBuilder(typeof(Bytes), nameof(Create))]
public readonly struct Bytes : IEquatable<Bytes>, IComparable<Bytes>
{
    private readonly byte[]? _bytes;

    private Bytes(byte[] bytes) => _bytes = bytes;

    /// <summary>How many there are.</summary>
    public int Length => _bytes?.Length ?? 0;

    /// <summary>Whether contents are equal.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are.</returns>
    public static bool operator ==(Bytes left, Bytes right) => left.Equals(right);

    /// <summary>Whether contents differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they do.</returns>
    public static bool operator !=(Bytes left, Bytes right) => !left.Equals(right);

    /// <summary>Copies bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The value.</returns>
    public static Bytes Create(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? default : new Bytes(bytes.ToArray());

    /// <summary>Reads hexadecimal digits.</summary>
    /// <param name="hex">An even number of digits.</param>
    /// <returns>The value.</returns>
    /// <exception cref="FormatException">It is not hexadecimal.</exception>
    public static Bytes FromHex(string hex) => new(Convert.FromHexString(hex));

    /// <summary>The bytes without a copy.</summary>
    /// <returns>A view of them.</returns>
    public ReadOnlySpan<byte> AsSpan() => _bytes;

    /// <summary>The bytes in an array of their own.</summary>
    /// <returns>A new array.</returns>
    public byte[] ToArray() => AsSpan().ToArray();

    /// <summary>Enumerates the bytes.</summary>
    /// <returns>The enumerator.</returns>
    public ReadOnlySpan<byte>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Bytes other) => AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Bytes other && Equals(other);

    /// <inheritdoc/>
    public int CompareTo(Bytes other) => AsSpan().SequenceCompareTo(other.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(AsSpan());
        return hash.ToHashCode();
    }

    /// <summary>The bytes in lower-case hexadecimal digits.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Convert.ToHexStringLower(AsSpan());
}
