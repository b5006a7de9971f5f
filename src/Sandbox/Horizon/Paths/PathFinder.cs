using System.Numerics;
using StellarPay.Sandbox.Ledger;
using StellarPay.Sandbox.Network;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Paths;

/// <summary>A way from one asset to another through the order book; the amounts are stroops.</summary>
internal sealed record FoundPath(
    Asset Source, long SourceAmount, Asset Destination, long DestinationAmount, IReadOnlyList<Asset> Between);

/// <summary>
/// Finds ways through the order book: backwards from what must arrive, or forwards from what is sent. The amounts round
/// as an exchange of the offers one by one does, in favour of their makers.
/// </summary>
internal sealed class PathFinder
{
    /// <summary>Books that a way may pass: a path payment has room for five assets between the two ends.</summary>
    public const int MaxHops = 4;

    private const int MaxPathsPerAsset = 5;
    private const int MaxSteps = 20_000;

    private readonly StateView _state;
    private readonly AccountId? _taker;
    private readonly ILookup<Asset, Asset> _soldFor;
    private readonly ILookup<Asset, Asset> _boughtWith;
    private readonly List<FoundPath> _found = [];
    private int _steps;

    /// <param name="state">The entries.</param>
    /// <param name="taker">Whose own offers are passed over, as nobody can cross those.</param>
    public PathFinder(StateView state, AccountId? taker)
    {
        _state = state;
        _taker = taker;
        var pairs = state.OrderBook.Pairs.ToList();
        _soldFor = pairs.ToLookup(pair => pair.Selling, pair => pair.Buying);
        _boughtWith = pairs.ToLookup(pair => pair.Buying, pair => pair.Selling);
    }

    /// <summary>Cheapest first for each source asset.</summary>
    public IReadOnlyList<FoundPath> ToReceive(IReadOnlyCollection<Asset> sources, Asset destination, long amount)
    {
        Search([destination], amount, _soldFor, Cost, (trail, cost) =>
        {
            if (sources.Contains(trail[^1]))
            {
                _found.Add(new FoundPath(trail[^1], cost, destination, amount, [.. trail.Skip(1).SkipLast(1).Reverse()]));
            }
        });
        return Best(path => path.Source, path => path.SourceAmount);
    }

    /// <summary>Most delivered first for each destination asset.</summary>
    public IReadOnlyList<FoundPath> ToSend(Asset source, long amount, IReadOnlyCollection<Asset> destinations)
    {
        Search([source], amount, _boughtWith, (from, to, sent) => Yield(to, from, sent), (trail, delivered) =>
        {
            if (destinations.Contains(trail[^1]))
            {
                _found.Add(new FoundPath(source, amount, trail[^1], delivered, [.. trail.Skip(1).SkipLast(1)]));
            }
        });
        return Best(path => path.Destination, path => -path.DestinationAmount);
    }

    private void Search(
        List<Asset> trail, long amount, ILookup<Asset, Asset> next,
        Func<Asset, Asset, long, long?> exchange, Action<List<Asset>, long> visit)
    {
        visit(trail, amount);
        if (trail.Count > MaxHops)
        {
            return;
        }

        foreach (var asset in next[trail[^1]])
        {
            if (!trail.Contains(asset) && ++_steps <= MaxSteps && exchange(trail[^1], asset, amount) is { } then)
            {
                trail.Add(asset);
                Search(trail, then, next, exchange, visit);
                trail.RemoveAt(trail.Count - 1);
            }
        }
    }

    /// <summary>What so much of the wanted asset costs in the other; null where there is not enough.</summary>
    private long? Cost(Asset wanted, Asset paid, long amount)
    {
        BigInteger cost = 0;
        foreach (var offer in Book(wanted, paid))
        {
            var taken = Math.Min(amount, offer.Amount);
            cost += DivideUp(new BigInteger(taken) * offer.Price.N, offer.Price.D);
            amount -= taken;
            if (amount == 0)
            {
                return cost <= long.MaxValue ? (long)cost : null;
            }
        }

        return null;
    }

    /// <summary>What so much of the sent asset buys of the other; null where there is not enough to take it.</summary>
    private long? Yield(Asset bought, Asset sent, long amount)
    {
        BigInteger delivered = 0;
        foreach (var offer in Book(bought, sent))
        {
            var whole = DivideUp(new BigInteger(offer.Amount) * offer.Price.N, offer.Price.D);
            if (whole >= amount)
            {
                delivered += new BigInteger(amount) * offer.Price.D / offer.Price.N;
                return delivered > 0 && delivered <= long.MaxValue ? (long)delivered : null;
            }

            delivered += offer.Amount;
            amount -= (long)whole;
        }

        return null;
    }

    private IEnumerable<Offer> Book(Asset selling, Asset buying) =>
        _state.Book(selling, buying).Where(offer => offer.Seller != _taker);

    private List<FoundPath> Best(Func<FoundPath, Asset> group, Func<FoundPath, long> cost) =>
        [.. _found.GroupBy(group).OrderBy(paths => paths.Key).SelectMany(paths =>
            paths.OrderBy(cost).ThenBy(path => path.Between.Count).Take(MaxPathsPerAsset))];

    private static BigInteger DivideUp(BigInteger dividend, int divisor) => (dividend + divisor - 1) / divisor;
}
