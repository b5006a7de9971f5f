using System.Text.Json.Nodes;
using StellarPay.Grains.Keys;

namespace StellarPay.Grains.Tests.World;

/// <summary>Answers which keys wrap the seeds in the stored states, as the database's functions do.</summary>
internal sealed partial class MemoryStorage : IKeyInventory
{
    public Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyDictionary<string, long>>(_rows.Values
                .SelectMany(row => KeyIdsOf(row.Payload)).GroupBy(id => id).ToDictionary(g => g.Key, g => g.LongCount()));
        }
    }

    public Task<IReadOnlyList<KeyHolder>> ReadOthersAsync(
        string keyId, KeyHolder? after, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<KeyHolder>>([
                .. _rows.Where(row => KeyIdsOf(row.Value.Payload).Any(id => id != keyId))
                    .Select(row => row.Key)
                    .OrderBy(place => place.State, StringComparer.Ordinal).ThenBy(place => place.Key, StringComparer.Ordinal)
                    .Where(place => after is null
                        || string.CompareOrdinal(place.State, after.StateName) > 0
                        || (place.State == after.StateName && string.CompareOrdinal(place.Key, after.GrainKey) > 0))
                    .Take(limit).Select(place => new KeyHolder(place.State, place.Key)),
            ]);
        }
    }

    private static IEnumerable<string> KeyIdsOf(string? payload) =>
        JsonNode.Parse(payload ?? "{}")!.AsObject()
            .SelectMany(member => member.Value is JsonArray list ? list.AsEnumerable() : [member.Value])
            .OfType<JsonObject>().Select(value => (string?)value["keyId"]).OfType<string>();
}
