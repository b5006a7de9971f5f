using Microsoft.Extensions.Logging;
using StellarPay.Grains.Network.Halts;

namespace StellarPay.Grains.Network;

// Is this still the network that the books are about?
internal sealed partial class FollowerGrain
{
    // The first ledger is made of the passphrase alone, and a few that follow may be the same too on a network that began
    // again: so there are several anchors, at the powers of two.
    private const long FirstAnchor = 2;
    private const long LastAnchorAtStart = 1_024;

    private static readonly TimeSpan HaltedPause = TimeSpan.FromSeconds(1);

    private NetworkHalt? _halt;
    private long? _behindSince;

    private async Task WaitWhileHaltedAsync(CancellationToken cancellationToken)
    {
        while ((_halt = await services.Halts.FindAsync(cancellationToken)) is not null)
        {
            await Task.Delay(HaltedPause, services.Time, cancellationToken);
        }
    }

    // Who begins at the network's end anchors in what the network still can tell of its beginning, and where he begins.
    private async Task SetAnchorsAsync(LedgerMark latest, CancellationToken cancellationToken)
    {
        State.Anchors[latest.Sequence] = latest.Hash;
        for (var ledger = FirstAnchor; ledger <= Math.Min(LastAnchorAtStart, latest.Sequence); ledger *= 2)
        {
            if (await services.Feed.FindLedgerAsync(ledger, cancellationToken) is { } found)
            {
                SetAnchor(found);
            }
        }
    }

    private void SetAnchor(LedgerMark ledger)
    {
        if (ledger.Sequence >= FirstAnchor && System.Numerics.BitOperations.IsPow2(ledger.Sequence))
        {
            State.Anchors[ledger.Sequence] = ledger.Hash;
        }
    }

    // Each ledger names the one before it, so a batch that follows what was read is of the same network. Anything else
    // is looked into, and nothing of it is taken.
    private async Task RequireSameNetworkAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        if (State.LastLedgerHash is not { } hash)
        {
            return;
        }

        var first = batch.Ledgers.Count > 0 ? batch.Ledgers[0] : null;
        if (first is not null && (first.PreviousHash is null || first.PreviousHash == hash))
        {
            _behindSince = null;
            return;
        }

        if (await DifferenceAsync(batch.Latest, cancellationToken) is { } difference)
        {
            await HaltAsync(difference, cancellationToken);
        }

        if (first is not null)
        {
            throw new NetworkUnavailableException(
                $"Ledger {first.Sequence} does not follow ledger {State.LastLedger} as it was read.");
        }
    }

    // What shows that this is another network; null where nothing does. A replica that is behind is no other network.
    private async Task<string?> DifferenceAsync(LedgerMark latest, CancellationToken cancellationToken)
    {
        if (latest.Sequence >= State.LastLedger)
        {
            _behindSince = null;
            return await DifferenceAtAsync(State.LastLedger, State.LastLedgerHash!, cancellationToken);
        }

        var anchor = State.Anchors.Keys.Where(ledger => ledger <= latest.Sequence).DefaultIfEmpty().Max();
        if (anchor > 0 && await DifferenceAtAsync(anchor, State.Anchors[anchor], cancellationToken) is { } difference)
        {
            return difference;
        }

        _behindSince ??= services.Time.GetTimestamp();
        var patience = TimeSpan.FromSeconds(services.Options.BehindSeconds);
        return services.Time.GetElapsedTime(_behindSince.Value) < patience
            ? null
            : $"The network's latest ledger is {latest.Sequence}, but {State.LastLedger} was read, and that for {patience.TotalSeconds} seconds.";
    }

    private async Task<string?> DifferenceAtAsync(long ledger, string hash, CancellationToken cancellationToken)
    {
        var found = await services.Feed.FindLedgerAsync(ledger, cancellationToken);
        return found is null || found.Hash == hash ? null : Differs(ledger, hash, found.Hash);
    }

    private static string Differs(long ledger, string expected, string found) =>
        $"Ledger {ledger} had the hash {expected} and now has {found}: the network has begun again, or is another one.";

    private async Task HaltAsync(string reason, CancellationToken cancellationToken)
    {
        var halt = new NetworkHalt("network_reset", reason, services.Time.GetUtcNow());
        await services.Halts.HaltAsync(halt, cancellationToken);
        _halt = halt;
        LogHalted(reason);
        throw new NetworkHaltedException();
    }

    [LoggerMessage(1320, LogLevel.Critical, "Everything that pays is stopped until an operator resumes it. {Reason}")]
    private partial void LogHalted(string reason);
}
