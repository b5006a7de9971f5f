using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains;
using StellarPay.Grains.Rates;
using StellarPay.Stellar.Horizon;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Adapters.Rates;

/// <summary>
/// Prices from the network's order book: the middle between the best bid and ask of an asset for USDC, which is taken for
/// a dollar. A book that is one-sided or wide has no price. While Horizon does not answer, the last price is given with
/// its time, and whoever asked judges its age.
/// </summary>
internal sealed partial class OrderBookRates(
    HorizonClient horizon,
    NetworkProfile network,
    IOptions<RateSourceOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    TimeProvider time,
    ILogger<OrderBookRates> logger)
{
    // The assets of wallets are few; whatever asks for more than these is not a wallet.
    private const int MaxBooks = 64;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    // While Horizon is away, not everyone who asks waits for it again.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Book> _books = new(StringComparer.Ordinal);

    public async Task<AssetRate?> FindAsync(Asset asset, CancellationToken cancellationToken)
    {
        if (asset.Canonical == network.Usdc)
        {
            return new AssetRate(asset, 1, business.GetUtcNow());
        }

        if (!_books.ContainsKey(asset.Canonical) && _books.Count >= MaxBooks)
        {
            return null;
        }

        var book = _books.GetOrAdd(asset.Canonical, _ => new Book());
        if (IsFresh(book))
        {
            return book.Rate;
        }

        // One reads, the others wait for what it finds.
        await book.Turn.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh(book))
            {
                await ReadAsync(asset, book, cancellationToken);
            }

            return book.Rate;
        }
        finally
        {
            book.Turn.Release();
        }
    }

    private bool IsFresh(Book book) => business.GetUtcNow() < book.ReadAgainAt;

    private async Task ReadAsync(Asset asset, Book book, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var offers = await horizon.Market.GetOrderBookAsync(
                Stellar.Xdr.Asset.Parse(asset.Canonical), Stellar.Xdr.Asset.Parse(network.Usdc), either.Token);
            var now = business.GetUtcNow();
            book.ReadAgainAt = now + TimeSpan.FromSeconds(options.Value.RefreshSeconds);
            if (MiddleOf(offers) is { } price)
            {
                book.Rate = new AssetRate(asset, price, now, "order_book");
            }
            else
            {
                // The last price stays, and grows old.
                LogNoPrice(asset.Canonical, offers.Bids.Count, offers.Asks.Count);
            }
        }
        catch (Exception e) when (e is HorizonException || (deadline.IsCancellationRequested && e is OperationCanceledException))
        {
            cancellationToken.ThrowIfCancellationRequested();
            book.ReadAgainAt = business.GetUtcNow() + RetryAfter;
            LogNotRead(asset.Canonical, e.Message);
        }
    }

    internal decimal? MiddleOf(OrderBook offers)
    {
        if (offers.Bids.Count == 0 || offers.Asks.Count == 0)
        {
            return null;
        }

        var bid = PriceOf(offers.Bids[0]);
        var ask = PriceOf(offers.Asks[0]);
        return bid > 0 && ask >= bid && (ask - bid) * 100 <= bid * options.Value.MaxSpreadPercent ? (bid + ask) / 2 : null;
    }

    private static decimal PriceOf(PriceLevel level) => level.Denominator == 0 ? 0 : (decimal)level.Numerator / level.Denominator;

    [LoggerMessage(6301, LogLevel.Warning, "The order book of {Asset} has no price: {Bids} bids, {Asks} asks, or they are too far apart.")]
    private partial void LogNoPrice(string asset, int bids, int asks);

    [LoggerMessage(6302, LogLevel.Warning, "The order book of {Asset} could not be read: {Reason}")]
    private partial void LogNotRead(string asset, string reason);

    private sealed class Book
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public AssetRate? Rate { get; set; }

        public DateTimeOffset ReadAgainAt { get; set; } = DateTimeOffset.MinValue;
    }
}
