using System.Collections.Concurrent;

namespace StellarPay.Chaos.Clients;

/// <summary>All that clients asked and were told.</summary>
internal sealed class ObservationLog
{
    private readonly ConcurrentQueue<Observation> _all = new();

    public IReadOnlyCollection<Observation> All => _all;

    public void Add(Observation observation) => _all.Enqueue(observation);
}
