using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace StellarPay.Stellar.Xdr;

/// <summary>Reads XDR (RFC 4506) from bytes that nobody vouches for. Every length is checked against its type's limit
/// and against what is left before anything is allocated; padding must be zero; nesting is bounded.</summary>
/// <param name="data">The bytes to read; they must not change meanwhile.</param>
public ref struct XdrReader(ReadOnlySpan<byte> data)
{
    /// <summary>How deep recursive values (claim predicates, contract values, authorisation trees) may nest.
    /// The network's own limits are 4 for predicates and 100 for contract values.</summary>
    public const int MaxDepth = 200;

    private const int MinElementSize = 4;

    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;
    private int _depth;
    private int _claimed;

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _data.Length - _position;

    /// <summary>Reads a 32-bit unsigned integer.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="XdrException">Fewer than 4 bytes are left.</exception>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>Reads a 32-bit signed integer.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="XdrException">Fewer than 4 bytes are left.</exception>
    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    /// <summary>Reads a 64-bit unsigned integer.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="XdrException">Fewer than 8 bytes are left.</exception>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    /// <summary>Reads a 64-bit signed integer.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="XdrException">Fewer than 8 bytes are left.</exception>
    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>Reads a boolean, which is 0 or 1.</summary>
    /// <returns>The boolean.</returns>
    /// <exception cref="XdrException">It is another number, or fewer than 4 bytes are left.</exception>
    public bool ReadBool()
    {
        var value = ReadUInt32();
        return value <= 1 ? value == 1 : throw XdrException.Discriminant("boolean", value);
    }

    /// <summary>Reads an enumeration's value.</summary>
    /// <typeparam name="T">An enumeration over <see cref="int"/> whose values are the wire's.</typeparam>
    /// <returns>One of the named values.</returns>
    /// <exception cref="XdrException">The number has no name, or fewer than 4 bytes are left.</exception>
    public T ReadEnum<T>()
        where T : unmanaged, Enum
    {
        var value = ReadInt32();
        return XdrEnum<T>.IsDefined(value)
            ? Unsafe.BitCast<int, T>(value)
            : throw XdrException.Discriminant(typeof(T).Name, value);
    }

    /// <summary>Reads the discriminant of an extension point of which only version 0 exists.</summary>
    /// <exception cref="XdrException">It is not 0.</exception>
    public void ReadVoidExtension() => ReadExtension(0);

    /// <summary>Reads the discriminant of an extension point.</summary>
    /// <param name="other">The version besides 0 that exists.</param>
    /// <returns>True for <paramref name="other"/>, false for 0.</returns>
    /// <exception cref="XdrException">It is neither.</exception>
    public bool ReadExtension(int other)
    {
        var version = ReadInt32();
        return version == 0 ? false
            : version == other ? true
            : throw XdrException.Discriminant("known extension", version);
    }

    /// <summary>Reads bytes of a fixed length and their padding.</summary>
    /// <param name="length">How many.</param>
    /// <returns>A view of them.</returns>
    /// <exception cref="XdrException">Too few bytes are left or the padding is not zero.</exception>
    public ReadOnlySpan<byte> ReadFixed(int length)
    {
        var bytes = Take(length);
        var padding = -length & 3;
        foreach (var pad in Take(padding))
        {
            if (pad != 0)
                XdrException.Padding();
        }

        return bytes;
    }

    /// <summary>Reads a variable number of bytes and their padding.</summary>
    /// <param name="max">The most that the type allows.</param>
    /// <returns>A view of them.</returns>
    /// <exception cref="XdrException">The length is above the limit or what is left, or the padding is not
    /// zero.</exception>
    public ReadOnlySpan<byte> ReadVariable(int max = int.MaxValue)
    {
        var length = ReadUInt32();
        if (length > (uint)max)
            XdrException.TooLong(length, max);
        return ReadFixed((int)length);
    }

    /// <summary>Reads a list.</summary>
    /// <typeparam name="T">What is in it.</typeparam>
    /// <param name="max">The most that the type allows.</param>
    /// <returns>The list.</returns>
    /// <exception cref="XdrException">It is longer than allowed or than what is left, or an element is
    /// wrong.</exception>
    public ValueList<T> ReadList<T>(int max = int.MaxValue)
        where T : IXdr<T>
    {
        var count = ReadCount(max);
        if (count == 0)
            return default;

        var items = new T[count];
        for (var i = 0; i < items.Length; i++)
            items[i] = T.Read(ref this);
        return ValueList<T>.Own(items);
    }

    /// <summary>Reads a value that may be absent.</summary>
    /// <typeparam name="T">The value's class.</typeparam>
    /// <returns>The value or null.</returns>
    /// <exception cref="XdrException">The bytes are not such a value.</exception>
    public T? ReadOptional<T>()
        where T : class, IXdr<T> => ReadBool() ? T.Read(ref this) : null;

    /// <summary>Reads a value that may be absent.</summary>
    /// <typeparam name="T">The value's struct.</typeparam>
    /// <returns>The value or null.</returns>
    /// <exception cref="XdrException">The bytes are not such a value.</exception>
    public T? ReadOptionalValue<T>()
        where T : struct, IXdr<T> => ReadBool() ? T.Read(ref this) : null;

    /// <summary>Reads a 32-bit number that may be absent.</summary>
    /// <returns>The number or null.</returns>
    /// <exception cref="XdrException">The bytes are not such a value.</exception>
    public uint? ReadOptionalUInt32() => ReadBool() ? ReadUInt32() : null;

    /// <summary>Reads how many elements a list has.</summary>
    /// <param name="max">The most that the type allows.</param>
    /// <returns>The count. What is left can hold them, and all counts read so far together.</returns>
    /// <exception cref="XdrException">It is above the limit, or more than what is left can hold.</exception>
    public int ReadCount(int max = int.MaxValue)
    {
        var count = ReadUInt32();
        if (count > (uint)max)
            XdrException.TooLong(count, max);

        // An element has at least 4 bytes that no other element has, so a total above what the input could hold is a
        // lie; without the total, nested lists could each claim the whole rest.
        var wanted = ((long)count + _claimed) * MinElementSize;
        if (wanted > _data.Length || (long)count * MinElementSize > Remaining)
            XdrException.Truncated((int)Math.Min((long)count * MinElementSize, int.MaxValue), Remaining);
        _claimed += (int)count;
        return (int)count;
    }

    /// <summary>Goes a level deeper into a recursive value; <see cref="Leave"/> comes back.</summary>
    /// <exception cref="XdrException">That is deeper than <see cref="MaxDepth"/>.</exception>
    public void Enter()
    {
        if (++_depth > MaxDepth)
            XdrException.TooDeep();
    }

    /// <summary>Comes back from <see cref="Enter"/>.</summary>
    public void Leave() => _depth--;

    /// <summary>Ends the reading.</summary>
    /// <exception cref="XdrException">Bytes are left.</exception>
    public readonly void End()
    {
        if (Remaining != 0)
            XdrException.Trailing(Remaining);
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)Remaining)
            XdrException.Truncated(length, Remaining);
        var bytes = _data.Slice(_position, length);
        _position += length;
        return bytes;
    }
}
