using System.Numerics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// Is this still the network that the books are about? Each ledger names the one before it; where that does not fit, some
/// ledgers' hashes are compared, and a difference halts everything that pays. For one follower, beside its turns.
/// </summary>
internal sealed partial class NetworkIdentity(
    INetworkFeed feed, INetworkHalts halts, TimeProvider time, IOptions<FollowerOptions> options, ILogger<NetworkIdentity> logger)
{
    // The first ledger is made of the passphrase alone, and a few that follow may be the same too on a network that began
    // again: so there are several anchors, at the powers of two.
    private const long FirstAnchor = 2;
    private const long LastAnchorAtStart = 1_024;
    private static readonly TimeSpan HaltedPause = TimeSpan.FromSeconds(1);

    private long? _behindSince;

    /// <summary>The halt in force when it was last asked for.</summary>
    public NetworkHalt? Halt { get; private set; }

    /// <summary>Waits until payments are not halted.</summary>
    public async Task WaitWhileHaltedAsync(CancellationToken cancellationToken)
    {
        while ((Halt = await halts.FindAsync(cancellationToken)) is not null)
        {
            await Task.Delay(HaltedPause, time, cancellationToken);
        }
    }

    /// <summary>The anchors among some ledgers.</summary>
    public static Dictionary<long, string> AnchorsAmong(IEnumerable<LedgerMark> ledgers) => ledgers
        .Where(ledger => ledger.Sequence >= FirstAnchor && BitOperations.IsPow2(ledger.Sequence))
        .ToDictionary(ledger => ledger.Sequence, ledger => ledger.Hash);

    /// <summary>What whoever begins at the network's end knows it by: that end, and what it still tells of its beginning.</summary>
    public async Task<Dictionary<long, string>> AnchorsAtStartAsync(LedgerMark latest, CancellationToken cancellationToken)
    {
        var anchors = new Dictionary<long, string> { [latest.Sequence] = latest.Hash };
        for (var ledger = FirstAnchor; ledger <= Math.Min(LastAnchorAtStart, latest.Sequence); ledger *= 2)
        {
            if (await feed.FindLedgerAsync(ledger, cancellationToken) is { } found)
            {
                anchors[found.Sequence] = found.Hash;
            }
        }

        return anchors;
    }

    /// <summary>Throws where a batch does not follow what was read, and halts everything where it is of another network.</summary>
    /// <exception cref="NetworkHaltedException">It is of another network.</exception>
    /// <exception cref="NetworkUnavailableException">It does not follow, and nothing tells why: a replica may be behind.</exception>
    public async Task RequireSameAsync(LedgerWatermark watermark, LedgerBatch batch, CancellationToken cancellationToken)
    {
        var first = batch.Ledgers.Count > 0 ? batch.Ledgers[0] : null;
        if (first is not null && (first.PreviousHash is null || first.PreviousHash == watermark.Hash))
        {
            _behindSince = null;
            return;
        }

        if (await DifferenceAsync(watermark, batch.Latest, cancellationToken) is { } difference)
        {
            await HaltAsync(difference, cancellationToken);
        }

        if (first is not null)
        {
            throw new NetworkUnavailableException(
                $"Ledger {first.Sequence} does not follow ledger {watermark.Ledger} as it was read.");
        }
    }

    // What shows that this is another network; null where nothing does. A replica that is behind is no other network.
    private async Task<string?> DifferenceAsync(
        LedgerWatermark watermark, LedgerMark latest, CancellationToken cancellationToken)
    {
        if (latest.Sequence >= watermark.Ledger)
        {
            _behindSince = null;
            return await DifferenceAtAsync(watermark.Ledger, watermark.Hash, cancellationToken);
        }

        var anchor = watermark.Anchors.Keys.Where(ledger => ledger <= latest.Sequence).DefaultIfEmpty().Max();
        if (anchor > 0 && await DifferenceAtAsync(anchor, watermark.Anchors[anchor], cancellationToken) is { } difference)
        {
            return difference;
        }

        _behindSince ??= time.GetTimestamp();
        var patience = TimeSpan.FromSeconds(options.Value.BehindSeconds);
        return time.GetElapsedTime(_behindSince.Value) < patience
            ? null
            : $"The network's latest ledger is {latest.Sequence}, but {watermark.Ledger} was read, and that for {patience.TotalSeconds} seconds.";
    }

    private async Task<string?> DifferenceAtAsync(long ledger, string hash, CancellationToken cancellationToken)
    {
        var found = await feed.FindLedgerAsync(ledger, cancellationToken);
        return found is null || found.Hash == hash
            ? null
            : $"Ledger {ledger} had the hash {hash} and now has {found.Hash}: the network has begun again, or is another one.";
    }

    private async Task HaltAsync(string reason, CancellationToken cancellationToken)
    {
        var halt = new NetworkHalt("network_reset", reason, time.GetUtcNow());
        await halts.HaltAsync(halt, cancellationToken);
        Halt = halt;
        LogHalted(reason);
        throw new NetworkHaltedException();
    }

    [LoggerMessage(1330, LogLevel.Critical, "Everything that pays is stopped until an operator resumes it. {Reason}")]
    private partial void LogHalted(string reason);
}

/// <summary>Payments are halted, and so is reading.</summary>
internal sealed class NetworkHaltedException() : Exception("The network is halted.");
