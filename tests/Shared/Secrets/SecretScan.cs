using System.Buffers.Binary;

namespace StellarPay.Tests.Shared.Secrets;

/// <summary>Something that others can see: an answer, a log line, a column of a table.</summary>
internal sealed record Place(string Name, byte[] Bytes)
{
    public static Place OfText(string name, string text) => new(name, System.Text.Encoding.UTF8.GetBytes(text));
}

/// <summary>
/// Looks for secrets where they must not be: for all of them at once, by how they begin, since thousands of forms in hundreds of megabytes
/// would take minutes one by one.
/// </summary>
internal static class SecretScan
{
    private const int BeginningBytes = sizeof(ulong);

    /// <summary>Which secret was found where and in which form; never the secret itself.</summary>
    public static string[] Find(IEnumerable<Secret> secrets, IReadOnlyCollection<Place> places)
    {
        var forms = (from secret in secrets
                     from form in secret.Forms.DistinctBy(form => Convert.ToHexString(form.Value))
                     select new Wanted(secret, form.Key, form.Value)).ToArray();
        var byBeginning = forms.Where(form => form.Bytes.Length >= BeginningBytes)
            .ToLookup(form => BinaryPrimitives.ReadUInt64LittleEndian(form.Bytes));
        // Most places hold none: a table of a bit for each of 65,536 hashes says so without a look into the other.
        var mayBegin = new bool[ushort.MaxValue + 1];
        foreach (var beginning in byBeginning)
        {
            mayBegin[HashOf(beginning.Key)] = true;
        }

        Wanted[] tooShort = [.. forms.Where(form => form.Bytes.Length < BeginningBytes)];
        return
        [
            .. from place in places
               from found in Find(place.Bytes, byBeginning, mayBegin)
                   .Concat(tooShort.Where(form => place.Bytes.AsSpan().IndexOf(form.Bytes) >= 0))
                   .Distinct()
               where !found.Secret.MayBeAt(place.Name)
               select $"{found.Secret.Name} ({found.Form}) in {place.Name}",
        ];
    }

    private static List<Wanted> Find(byte[] bytes, ILookup<ulong, Wanted> byBeginning, bool[] mayBegin)
    {
        var found = new List<Wanted>();
        var span = bytes.AsSpan();
        for (var at = 0; at <= span.Length - BeginningBytes; at++)
        {
            var here = BinaryPrimitives.ReadUInt64LittleEndian(span[at..]);
            if (mayBegin[HashOf(here)])
            {
                foreach (var form in byBeginning[here])
                {
                    if (span[at..].StartsWith(form.Bytes))
                    {
                        found.Add(form);
                    }
                }
            }
        }

        return found;
    }

    private static ushort HashOf(ulong beginning) => (ushort)((beginning * 0x9E3779B97F4A7C15UL) >> 48);

    private sealed record Wanted(Secret Secret, string Form, byte[] Bytes);
}
