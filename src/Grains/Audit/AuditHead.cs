using System.Buffers.Binary;

namespace StellarPay.Grains.Audit;

/// <summary>The place of an entry in its chain, and its hash, which nothing but this entry after all those before it has.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Hash">Its SHA-256 in lower-case hex.</param>
[GenerateSerializer, Immutable, Alias("sp.AuditHead")]
public sealed record AuditHead([property: Id(0)] long Number, [property: Id(1)] string Hash)
{
    /// <summary>The name of the data entry that holds the newest checkpoint of a platform's audit log.</summary>
    public const string EntryName = "stellarpay.audit";

    private const int NumberBytes = sizeof(long);
    private const int HashBytes = 32;

    /// <summary>As the data entry holds it: 8 bytes of the number, the highest first, and 32 of the hash.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[NumberBytes + HashBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Number);
        Convert.FromHexString(Hash).CopyTo(bytes.AsSpan(NumberBytes));
        return bytes;
    }

    /// <summary>What a data entry holds; null where that is no head.</summary>
    public static AuditHead? Read(ReadOnlySpan<byte> bytes) =>
        bytes.Length == NumberBytes + HashBytes && BinaryPrimitives.ReadInt64BigEndian(bytes) is > 0 and var number
            ? new AuditHead(number, Convert.ToHexStringLower(bytes[NumberBytes..]))
            : null;
}
