using Microsoft.Extensions.Logging;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// Pokes owners whose rows have waited: a poke may be lost, and an owner's silo may be. Goes round by owner, not by age, so
/// that owners that cannot drain keep nobody else from being reached. For the due partitions.
/// </summary>
internal sealed partial class InboxSweep(ILedgerInbox inbox, LedgerOwners owners, ILogger<InboxSweep> logger)
{
    // Of all partitions' shares, for the index is walked by name.
    private const int OwnersAtOnce = 100;
    private static readonly TimeSpan Waited = TimeSpan.FromSeconds(2);

    private readonly LedgerOwner?[] _after = new LedgerOwner?[DuePartitions.Count];

    /// <summary>Pokes some owners of a partition's share. Gives how many.</summary>
    public async Task<int> SweepAsync(int partition, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var waiting = await inbox.FindWaitingAsync(
            new WaitingQuery(partition, DuePartitions.Count, Waited), _after[partition], OwnersAtOnce, cancellationToken);
        foreach (var owner in waiting.Owners)
        {
            if (owners.Find(grains, owner) is { } grain)
            {
                grain.PokeAsync().Ignore();
            }
        }

        if (waiting.Owners.Count > 0)
        {
            LogPoked(waiting.Owners.Count, partition);
        }

        _after[partition] = waiting.Last;
        return waiting.Owners.Count;
    }

    [LoggerMessage(1327, LogLevel.Information, "{Count} owners of partition {Partition} had rows waiting and were poked")]
    private partial void LogPoked(int count, int partition);
}
