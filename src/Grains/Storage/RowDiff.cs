using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace StellarPay.Grains.Storage;

/// <summary>
/// Finds which rows of a state a write must put or delete: in memory a grain changes its records as it likes, and before a
/// write each is compared with what is stored of it. Only a digest is kept, so that an idle grain does not hold everything twice.
/// </summary>
internal static class RowDiff
{
    /// <summary>A record as it was read: what is stored of it is known from now on.</summary>
    public static T Read<T>(IRowState state, string key, JsonElement stored)
        where T : class
    {
        var record = stored.Deserialize<T>(StateJson.Options)
            ?? throw new JsonException($"The row {key} holds nothing.");
        state.KnownRows = [.. state.KnownRows, new KnownRow(key, DigestOf(record))];
        return record;
    }

    /// <summary>Puts into the state what its next write does to its rows.</summary>
    /// <param name="state">The state.</param>
    /// <param name="present">Every row that there is to be.</param>
    /// <remarks>A write that then fails leaves a state that is read anew: so it counts as stored already.</remarks>
    public static void Write(IRowState state, IEnumerable<KeyValuePair<string, object>> present)
    {
        Dictionary<string, object>? put = null;
        var known = state.KnownRows.ToDictionary(row => row.Key, row => row.Digest, StringComparer.Ordinal);
        // An array of just these: an idle grain keeps it.
        var rows = new List<KnownRow>(known.Count + 1);
        foreach (var (key, record) in present)
        {
            var row = new KnownRow(key, DigestOf(record));
            rows.Add(row);
            if (!known.Remove(key, out var digest) || digest != row.Digest)
            {
                (put ??= new Dictionary<string, object>(StringComparer.Ordinal)).Add(key, record);
            }
        }

        string[] gone = [.. known.Keys];
        state.KnownRows = [.. rows];
        state.Rows = put is null && gone.Length == 0 ? null : new ChildRows { Put = put, Deleted = gone.Length > 0 ? [.. gone] : null };
    }

    // Half of SHA-256: what a user puts into a record must not pass for what is stored.
    private static UInt128 DigestOf(object record)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(record, record.GetType(), StateJson.Options), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
