using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace StellarPay.Stellar.Xdr;

/// <summary>Writes XDR (RFC 4506) into a pooled buffer that grows as needed. Not for use by several threads at once;
/// disposing gives the buffer back, after which <see cref="Written"/> must not be used.</summary>
public sealed class XdrWriter : IDisposable
{
    private const int FirstSize = 512;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _length;

    /// <summary>What has been written, until the next write or <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Forgets what has been written and keeps the buffer.</summary>
    public void Clear() => _length = 0;

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        _length = 0;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Writes a 32-bit unsigned integer.</summary>
    /// <param name="value">The number.</param>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Next(4), value);

    /// <summary>Writes a 32-bit signed integer.</summary>
    /// <param name="value">The number.</param>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Next(4), value);

    /// <summary>Writes a 64-bit unsigned integer.</summary>
    /// <param name="value">The number.</param>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Next(8), value);

    /// <summary>Writes a 64-bit signed integer.</summary>
    /// <param name="value">The number.</param>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Next(8), value);

    /// <summary>Writes a boolean as 0 or 1.</summary>
    /// <param name="value">The boolean.</param>
    public void WriteBool(bool value) => WriteUInt32(value ? 1u : 0u);

    /// <summary>Writes an enumeration's value.</summary>
    /// <typeparam name="T">An enumeration over <see cref="int"/> whose values are the wire's.</typeparam>
    /// <param name="value">The value.</param>
    public void WriteEnum<T>(T value)
        where T : unmanaged, Enum => WriteInt32(Unsafe.BitCast<T, int>(value));

    /// <summary>Writes bytes of a length that the reader knows, and zeros up to a multiple of 4.</summary>
    /// <param name="bytes">The bytes.</param>
    public void WriteFixed(ReadOnlySpan<byte> bytes)
    {
        var padding = -bytes.Length & 3;
        var place = Next(checked(bytes.Length + padding));
        bytes.CopyTo(place);
        place[bytes.Length..].Clear();
    }

    /// <summary>Writes a length, the bytes and zeros up to a multiple of 4.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="max">The most that the type allows.</param>
    /// <exception cref="XdrException">There are more.</exception>
    public void WriteVariable(ReadOnlySpan<byte> bytes, int max = int.MaxValue)
    {
        WriteLength(bytes.Length, max);
        WriteFixed(bytes);
    }

    /// <summary>Writes a length or a count.</summary>
    /// <param name="length">The length.</param>
    /// <param name="max">The most that the type allows.</param>
    /// <exception cref="XdrException">It is above that.</exception>
    public void WriteLength(int length, int max = int.MaxValue)
    {
        if (length > max)
            XdrException.TooLong((uint)length, max);
        WriteInt32(length);
    }

    /// <summary>Writes a list.</summary>
    /// <typeparam name="T">What is in it.</typeparam>
    /// <param name="items">The list.</param>
    /// <param name="max">The most that the type allows.</param>
    /// <exception cref="XdrException">There are more.</exception>
    public void WriteList<T>(ValueList<T> items, int max = int.MaxValue)
        where T : IXdr<T>
    {
        WriteLength(items.Count, max);
        foreach (var item in items.AsSpan())
            item.Write(this);
    }

    /// <summary>Writes a value that may be absent.</summary>
    /// <typeparam name="T">The value's class.</typeparam>
    /// <param name="value">The value or null.</param>
    public void WriteOptional<T>(T? value)
        where T : class, IXdr<T>
    {
        WriteBool(value is not null);
        value?.Write(this);
    }

    /// <summary>Writes a value that may be absent.</summary>
    /// <typeparam name="T">The value's struct.</typeparam>
    /// <param name="value">The value or null.</param>
    public void WriteOptional<T>(T? value)
        where T : struct, IXdr<T>
    {
        WriteBool(value.HasValue);
        if (value.HasValue)
            value.GetValueOrDefault().Write(this);
    }

    /// <summary>Writes a number that may be absent.</summary>
    /// <param name="value">The number or null.</param>
    public void WriteOptional(uint? value)
    {
        WriteBool(value.HasValue);
        if (value.HasValue)
            WriteUInt32(value.GetValueOrDefault());
    }

    private Span<byte> Next(int size)
    {
        if (_buffer.Length - _length < size)
            Grow(size);
        var place = _buffer.AsSpan(_length, size);
        _length += size;
        return place;
    }

    private void Grow(int size)
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_length + size, _buffer.Length * 2)));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
