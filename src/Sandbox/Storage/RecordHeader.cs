using System.Buffers.Binary;
using System.Numerics;

namespace StellarPay.Sandbox.Storage;

/// <summary>
/// What stands before each record of the log: the payload's length, the ledger's sequence, the payload's checksum and a
/// checksum of these three, so that a damaged length is known as such and never taken for a torn tail.
/// </summary>
internal readonly record struct RecordHeader(int Length, uint Sequence, uint PayloadChecksum)
{
    public const int Size = 16;

    /// <summary>A ledger of 10,000 transactions with 100 operations each stays below this.</summary>
    public const int MaxLength = 512 * 1024 * 1024;

    public static RecordHeader For(uint sequence, ReadOnlySpan<byte> payload) =>
        new(payload.Length, sequence, Checksum(payload));

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], PayloadChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], Checksum(target[..12]));
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out RecordHeader header)
    {
        header = default;
        if (source.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(source[12..]) != Checksum(source[..12]))
        {
            return false;
        }

        header = new RecordHeader(
            BinaryPrimitives.ReadInt32LittleEndian(source),
            BinaryPrimitives.ReadUInt32LittleEndian(source[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[8..]));
        return header.Length is >= 0 and <= MaxLength;
    }

    /// <summary>CRC-32C; it starts from ones, so that a run of zeros has no valid checksum.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
