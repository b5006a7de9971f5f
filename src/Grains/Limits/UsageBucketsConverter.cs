using System.Text.Json;
using System.Text.Json.Serialization;

namespace StellarPay.Grains.Limits;

/// <summary>
/// The buckets of a window as one text: for each how many steps after the one before it begins, and its units, in LEB128 and
/// base64. A user who fills every bucket of both windows costs about 1 kB so, and 7 kB as objects with names.
/// </summary>
internal sealed class UsageBucketsConverter : JsonConverter<List<UsageBucket>>
{
    private const int Bits = 7;
    private const int More = 1 << Bits;
    private const int MostShift = 63;

    // Every width is a multiple of it. Stored texts count in it: it never changes.
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    public override List<UsageBucket> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Unpack(reader.GetBytesFromBase64());

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, List<UsageBucket> value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(Pack(value));

    private static byte[] Pack(List<UsageBucket> buckets)
    {
        using var bytes = new MemoryStream();
        var before = 0L;
        foreach (var bucket in buckets.OrderBy(each => each.From))
        {
            var at = bucket.From.UtcTicks / Step.Ticks;
            Add(bytes, checked((ulong)(at - before)));
            Add(bytes, checked((ulong)bucket.Units));
            before = at;
        }

        return bytes.ToArray();
    }

    private static List<UsageBucket> Unpack(ReadOnlySpan<byte> bytes)
    {
        var buckets = new List<UsageBucket>();
        var at = 0L;
        while (!bytes.IsEmpty)
        {
            at = checked(at + (long)Take(ref bytes));
            buckets.Add(new UsageBucket
            {
                From = new DateTimeOffset(checked(at * Step.Ticks), TimeSpan.Zero), Units = checked((long)Take(ref bytes)),
            });
        }

        return buckets;
    }

    private static void Add(MemoryStream bytes, ulong number)
    {
        for (; number >= More; number >>= Bits)
        {
            bytes.WriteByte((byte)(number | More));
        }

        bytes.WriteByte((byte)number);
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

        throw new JsonException("Stored usage of a limit ends in the middle of a number.");
    }
}
