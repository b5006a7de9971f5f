using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal readonly record struct AssetPair(Asset Selling, Asset Buying);

/// <summary>The offers of each pair of assets, best first, and of each account.</summary>
internal sealed class OrderBook
{
    private readonly Dictionary<AssetPair, SortedSet<Offer>> _books = [];

    public void Add(Offer offer)
    {
        var pair = new AssetPair(offer.Selling, offer.Buying);
        if (!_books.TryGetValue(pair, out var book))
        {
            book = new SortedSet<Offer>(BestFirst.Instance);
            _books.Add(pair, book);
        }

        book.Add(offer);
    }

    public void Remove(Offer offer)
    {
        var pair = new AssetPair(offer.Selling, offer.Buying);
        var book = _books[pair];
        book.Remove(offer);
        if (book.Count == 0)
        {
            _books.Remove(pair);
        }
    }

    public Offer? Best(Asset selling, Asset buying) =>
        _books.TryGetValue(new AssetPair(selling, buying), out var book) ? book.Min : null;

    public IEnumerable<Offer> Offers(Asset selling, Asset buying) =>
        _books.TryGetValue(new AssetPair(selling, buying), out var book) ? book : [];

    public IEnumerable<AssetPair> Pairs => _books.Keys;

    /// <summary>
    /// The cheaper offer first, then the older. The network compares prices as double precision quotients, so two
    /// fractions that differ by less than that are equal to it; an exact comparison would cross in another order.
    /// </summary>
    private sealed class BestFirst : IComparer<Offer>
    {
        public static readonly BestFirst Instance = new();

        public int Compare(Offer? x, Offer? y)
        {
            var left = (double)x!.Price.N / x.Price.D;
            var right = (double)y!.Price.N / y.Price.D;
            var order = left.CompareTo(right);
            return order != 0 ? order : x.Id.CompareTo(y.Id);
        }
    }
}
