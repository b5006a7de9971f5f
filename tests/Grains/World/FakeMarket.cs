using System.Collections.Concurrent;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Tests.World;

/// <summary>A market with one maker, at the prices that a test sets; it is never empty.</summary>
internal sealed class FakeMarket : IPathFinder
{
    private readonly ConcurrentDictionary<(string Source, string Destination), Price> _prices = [];

    private readonly ConcurrentDictionary<(string Source, string Destination), Price> _decoys = [];

    /// <summary>Whether every question finds no answer.</summary>
    public bool Down { get; set; }

    /// <summary>From now on so many stroops of the one cost so many of the other.</summary>
    public void Set(string source, long costs, string destination, long stroops, params string[] hops) =>
        _prices[(source, destination)] = new Price(costs, stroops, hops);

    /// <summary>Besides, a better way is recommended which the ledger refuses each time.</summary>
    public void Decoy(string source, long costs, string destination, long stroops, params string[] hops) =>
        _decoys[(source, destination)] = new Price(costs, stroops, hops);

    /// <summary>Whether a way is one that the ledger refuses.</summary>
    public bool IsDecoy(string source, string destination, IEnumerable<string> hops) =>
        _decoys.TryGetValue((source, destination), out var decoy) && decoy.Hops.SequenceEqual(hops);

    public void Clear()
    {
        _prices.Clear();
        _decoys.Clear();
    }

    public Task<IReadOnlyList<FoundPath>> FindStrictReceiveAsync(
        string source, string destination, long destinationStroops, CancellationToken cancellationToken) =>
        Ask(source, destination, price => new FoundPath(price.Cost(destinationStroops), destinationStroops, price.Hops));

    public Task<IReadOnlyList<FoundPath>> FindStrictSendAsync(
        string source, long sourceStroops, string destination, CancellationToken cancellationToken) =>
        Ask(source, destination, price => new FoundPath(sourceStroops, price.Yield(sourceStroops), price.Hops));

    /// <summary>What so much of an asset costs; null where nobody sells it.</summary>
    public long? CostOf(string source, string destination, long stroops) =>
        _prices.TryGetValue((source, destination), out var price) ? price.Cost(stroops) : null;

    /// <summary>What so much of an asset buys; null where nobody buys it.</summary>
    public long? YieldOf(string source, string destination, long stroops) =>
        _prices.TryGetValue((source, destination), out var price) ? price.Yield(stroops) : null;

    private Task<IReadOnlyList<FoundPath>> Ask(string source, string destination, Func<Price, FoundPath> answer) => Down
        ? Task.FromException<IReadOnlyList<FoundPath>>(new NetworkUnavailableException())
        : Task.FromResult<IReadOnlyList<FoundPath>>(
            [
                .. _decoys.TryGetValue((source, destination), out var decoy) ? [answer(decoy)] : Array.Empty<FoundPath>(),
                .. _prices.TryGetValue((source, destination), out var price) ? [answer(price)] : Array.Empty<FoundPath>(),
            ]);

    private sealed record Price(long Costs, long Stroops, string[] Hops)
    {
        // In the maker's favour, as the ledger rounds.
        public long Cost(long stroops) => (long)((((Int128)stroops * Costs) + Stroops - 1) / Stroops);

        public long Yield(long sent) => (long)((Int128)sent * Stroops / Costs);
    }
}
