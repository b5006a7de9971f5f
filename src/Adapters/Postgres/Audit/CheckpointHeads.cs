using System.Globalization;
using System.Text.Json;
using StellarPay.Grains.Audit;

namespace StellarPay.Adapters.Postgres.Audit;

/// <summary>What checkpoints know of the chains: each head once, by the first of them that named it.</summary>
internal sealed class CheckpointHeads
{
    private readonly Dictionary<string, Dictionary<AuditHead, long>> _heads = new(StringComparer.Ordinal);

    /// <summary>The chains that were named.</summary>
    public IEnumerable<string> Chains => _heads.Keys.Order(StringComparer.Ordinal);

    /// <summary>Takes a checkpoint. One that cannot be read knows nothing; that it was changed shows by its hash.</summary>
    public void Take(AuditRow row)
    {
        try
        {
            using var document = JsonDocument.Parse(row.Data);
            foreach (var head in document.RootElement.GetProperty("heads").EnumerateObject())
            {
                if (!_heads.TryGetValue(head.Name, out var known))
                {
                    _heads[head.Name] = known = [];
                }

                known.TryAdd(new AuditHead(
                    head.Value.GetProperty("number").GetInt64(), head.Value.GetProperty("hash").GetString() ?? ""), row.Number);
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Said above.
        }
    }

    /// <summary>The heads of a chain.</summary>
    public IEnumerable<KnownHead> Of(string chain) => _heads.TryGetValue(chain, out var heads)
        ? heads.Select(head => new KnownHead(head.Key, string.Create(CultureInfo.InvariantCulture, $"checkpoint {head.Value}")))
        : [];
}
