namespace StellarPay.Grains.Network;

/// <summary>
/// The network's latest ledger, asked for once in a while by everybody together. A ledger that is a moment old is never
/// wrong: it only says of less that its time has passed.
/// </summary>
internal sealed class NetworkClock(INetworkGateway gateway, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private Reading? _latest;

    /// <summary>The latest ledger that anybody was told of; null for none yet. Asks nothing.</summary>
    public long? Known => _latest?.Ledger.Sequence;

    /// <summary>A ledger that was the latest at most a second ago.</summary>
    public async Task<LedgerClose> GetAsync(CancellationToken cancellationToken)
    {
        if (_latest is { } reading && time.GetElapsedTime(reading.At) < Fresh)
        {
            return reading.Ledger;
        }

        // Several may ask at once; each answer is as good as the other.
        var at = time.GetTimestamp();
        var ledger = await gateway.GetLatestLedgerAsync(cancellationToken);
        _latest = new Reading(ledger, at);
        return ledger;
    }

    /// <summary>Has the next who asks ask the network.</summary>
    public void Forget() => _latest = null;

    private sealed record Reading(LedgerClose Ledger, long At);
}
