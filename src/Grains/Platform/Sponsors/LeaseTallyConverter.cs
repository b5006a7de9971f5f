using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>Tallies as one text: each mark in eight bytes and its count in LEB128, in base64; a third of names and numbers.</summary>
internal sealed class LeaseTallyConverter : JsonConverter<Dictionary<ulong, long>>
{
    private const int Bits = 7;
    private const int More = 1 << Bits;
    private const int MostShift = 63;

    /// <inheritdoc />
    public override Dictionary<ulong, long> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var tally = new Dictionary<ulong, long>();
        for (ReadOnlySpan<byte> bytes = reader.GetBytesFromBase64(); !bytes.IsEmpty;)
        {
            if (!BinaryPrimitives.TryReadUInt64BigEndian(bytes, out var mark))
            {
                throw new JsonException("A stored tally ends in the middle of a mark.");
            }

            bytes = bytes[sizeof(ulong)..];
            tally[mark] = checked((long)Take(ref bytes));
        }

        return tally;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Dictionary<ulong, long> value, JsonSerializerOptions options)
    {
        using var bytes = new MemoryStream();
        Span<byte> key = stackalloc byte[sizeof(ulong)];
        foreach (var (mark, count) in value.OrderBy(entry => entry.Key))
        {
            BinaryPrimitives.WriteUInt64BigEndian(key, mark);
            bytes.Write(key);
            var number = checked((ulong)count);
            for (; number >= More; number >>= Bits)
            {
                bytes.WriteByte((byte)(number | More));
            }

            bytes.WriteByte((byte)number);
        }

        writer.WriteBase64StringValue(bytes.ToArray());
    }

    private static ulong Take(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0UL;
        for (var shift = 0; shift <= MostShift && !bytes.IsEmpty; shift += Bits)
        {
            var part = bytes[0];
            bytes = bytes[1..];
            number |= (ulong)(part & (More - 1)) << shift;
            if (part < More)
            {
                return number;
            }
        }

        throw new JsonException("A stored tally ends in the middle of a number.");
    }
}
