using System.Buffers.Binary;

namespace StellarPay.Bench.Fuzzing;

/// <summary>Damages bytes as hostile or broken peers do: flipped bits, lengths and discriminants overwritten, parts cut
/// out, doubled, or taken from other inputs.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> corpus)
{
    private const int MaxSteps = 4;
    private const int MaxLength = 1 << 16;

    private static readonly uint[] Interesting =
    [
        0, 1, 2, 3, 4, 5, 20, 28, 64, 100, 101, 0x100, 0xffff, 0x00ffffff, 0x7fffffff, 0x80000000, 0xfffffff0,
        0xfffffffe, 0xffffffff,
    ];

    private byte[] _buffer = new byte[256];
    private int _length;

    /// <summary>The damaged bytes, until the next call.</summary>
    public ReadOnlySpan<byte> Mutate(ReadOnlySpan<byte> input)
    {
        Reserve(input.Length);
        input.CopyTo(_buffer);
        _length = input.Length;
        for (var steps = random.Next(1, MaxSteps + 1); steps > 0; steps--)
            Step();
        return _buffer.AsSpan(0, _length);
    }

    private void Step()
    {
        switch (random.Next(8))
        {
            case 0 when _length > 0:
                _buffer[random.Next(_length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when _length > 0:
                _buffer[random.Next(_length)] = (byte)random.Next(256);
                break;
            case 2 or 3 when _length >= 4:
                OverwriteWord();
                break;
            case 4:
                _length = random.Next(_length + 1);
                break;
            case 5:
                Cut();
                break;
            case 6:
                Insert(Slice(_buffer.AsSpan(0, _length)).ToArray());
                break;
            default:
                Insert(Slice(corpus[random.Next(corpus.Count)]));
                break;
        }
    }

    private void OverwriteWord()
    {
        var at = _buffer.AsSpan(random.Next(_length / 4) * 4);
        var value = random.Next(4) == 0
            ? BinaryPrimitives.ReadUInt32BigEndian(at) + (uint)random.Next(-2, 3)
            : Interesting[random.Next(Interesting.Length)];
        BinaryPrimitives.WriteUInt32BigEndian(at, value);
    }

    private void Cut()
    {
        var start = random.Next(_length + 1);
        var count = Math.Min(_length - start, Size());
        _buffer.AsSpan(start + count, _length - start - count).CopyTo(_buffer.AsSpan(start));
        _length -= count;
    }

    private void Insert(ReadOnlySpan<byte> part)
    {
        if (_length + part.Length > MaxLength)
            return;
        Reserve(_length + part.Length);
        var at = random.Next((_length / 4) + 1) * 4;
        _buffer.AsSpan(at, _length - at).CopyTo(_buffer.AsSpan(at + part.Length));
        part.CopyTo(_buffer.AsSpan(at));
        _length += part.Length;
    }

    private ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes)
    {
        var start = random.Next((bytes.Length / 4) + 1) * 4;
        return bytes.Slice(start, Math.Min(bytes.Length - start, Size()));
    }

    // Mostly whole words, since XDR is made of them.
    private int Size() => random.Next(8) == 0 ? random.Next(1, 64) : random.Next(1, 16) * 4;

    private void Reserve(int length)
    {
        if (_buffer.Length < length)
            Array.Resize(ref _buffer, Math.Max(length, _buffer.Length * 2));
    }
}
