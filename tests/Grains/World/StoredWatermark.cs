using System.Globalization;
using System.Text.Json.Nodes;
using StellarPay.Grains.Network;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Tests.World;

/// <summary>The watermark as the follower stored it, as the product's database reads it.</summary>
internal sealed class StoredWatermark(MemoryStorage storage) : IFollowerWatermark
{
    public Task<LedgerClose?> GetAsync(CancellationToken cancellationToken)
    {
        var stored = storage.Find(GrainState.Follower, IFollowerGrain.Key);
        return Task.FromResult(stored?["lastClosedAt"] is JsonValue closedAt
            ? new LedgerClose(
                (long)stored["lastLedger"]!, DateTimeOffset.Parse((string)closedAt!, CultureInfo.InvariantCulture))
            : null);
    }
}
