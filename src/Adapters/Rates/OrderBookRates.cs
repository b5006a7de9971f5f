using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains;
using StellarPay.Stellar.Horizon;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Adapters.Rates;

/// <summary>
/// Prices from the network's order book: the middle between bids and asks of an asset for USDC, which is taken for a dollar, for as much as
/// is at stake; the median of some minutes. A book that is one-sided, thin, wide or moves too fast has no price, nor one that had none for
/// half of that time: who comes to a book that others have left would set it alone. While Horizon does not answer, the last price is given
/// with its time, and whoever asked judges its age.
/// </summary>
internal sealed partial class OrderBookRates(
    HorizonClient horizon,
    NetworkProfile network,
    IOptions<RateSourceOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    TimeProvider time,
    ILogger<OrderBookRates> logger)
{
    /// <summary>What it is called among the sources.</summary>
    public const string Source = "order_book";

    // The assets of wallets are few; whatever asks for more than these is not a wallet.
    private const int MaxBooks = 64;
    private const int Whole = 100;

    // As many as Horizon gives.
    private const int Levels = 200;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    // While Horizon is away, not everyone who asks waits for it again.
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>How often a book was looked at, at least, before it has a price: one look is what somebody has it look like.</summary>
    public const int LeastSamples = 3;

    // Who moves a market pays for it as long as half of this.
    private static readonly TimeSpan MedianOver = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, RateCell<OrderBookSample[]>> _books = new(StringComparer.Ordinal);

    /// <summary>What the book says of an asset for so many dollars, and what is under way; null where it is not looked at.</summary>
    public RateLook? Look(Asset asset, decimal dollars)
    {
        if (asset.Canonical == network.Usdc)
        {
            return new RateLook(() => new RateQuote(Source, 1, business.GetUtcNow()), Task.CompletedTask);
        }

        if (!_books.ContainsKey(asset.Canonical) && _books.Count >= MaxBooks)
        {
            return null;
        }

        var book = _books.GetOrAdd(asset.Canonical, _ => new RateCell<OrderBookSample[]>(time));
        book.Refresh(() => ReadAsync(asset, book));
        return new RateLook(() => PriceOf(book.Latest ?? [], Math.Max(dollars, options.Value.OrderBookDollars)), book.Reading);
    }

    /// <summary>
    /// Looks again at the books that anybody asked for: a median of what was seen only when somebody asked is what he chose.
    /// </summary>
    public Task SampleAsync()
    {
        foreach (var (asset, book) in _books)
        {
            book.Refresh(() => ReadAsync(Asset.Parse(asset), book));
        }

        return Task.WhenAll(_books.Values.Select(book => book.Reading));
    }

    private RateQuote? PriceOf(OrderBookSample[] samples, decimal dollars)
    {
        var priced = samples.Select(sample => (sample.At, Price: sample.MiddleFor(dollars, options.Value.MaxSpreadPercent)))
            .Where(sample => sample.Price is not null).ToArray();
        if (samples.Length < LeastSamples || priced.Length * 2 <= samples.Length)
        {
            return null;
        }

        var (at, latest) = priced[^1];
        var median = RateMedian.MiddleOf(priced.Select(sample => sample.Price!.Value));
        return Math.Abs(latest!.Value - median) * Whole <= median * options.Value.MaxMovePercent ? new RateQuote(Source, median, at) : null;
    }

    private async Task<TimeSpan> ReadAsync(Asset asset, RateCell<OrderBookSample[]> book)
    {
        using var deadline = new CancellationTokenSource(AnswerWithin, time);
        try
        {
            var offers = await horizon.Market.GetOrderBookAsync(
                Stellar.Xdr.Asset.Parse(asset.Canonical), Stellar.Xdr.Asset.Parse(network.Usdc), Levels, deadline.Token);
            var sample = OrderBookSample.Of(offers, business.GetUtcNow());
            if (sample.MiddleFor(options.Value.OrderBookDollars, options.Value.MaxSpreadPercent) is null)
            {
                // The last price stays, and grows old.
                LogNoPrice(asset.Canonical, offers.Bids.Count, offers.Asks.Count, options.Value.OrderBookDollars);
            }

            OrderBookSample[] samples = [.. (book.Latest ?? []).Where(one => one.At > sample.At - MedianOver), sample];
            book.Tell(samples);
            // XLM is looked at from the start on, and nobody outside chooses that moment: payments do not wait for a minute. Of any other
            // asset whoever asks first does.
            return asset == Asset.Native && samples.Length < LeastSamples ? RetryAfter : TimeSpan.FromSeconds(options.Value.RefreshSeconds);
        }
        catch (Exception exception)
        {
            // Whatever Horizon's answer makes of us: what else tells rates tells them.
            LogNotRead(asset.Canonical, exception.Message);
            return RetryAfter;
        }
    }

    [LoggerMessage(6301, LogLevel.Warning,
        "The order book of {Asset} has no price: {Bids} bids, {Asks} asks, or they are too far apart for {Dollars} dollars.")]
    private partial void LogNoPrice(string asset, int bids, int asks, decimal dollars);

    [LoggerMessage(6302, LogLevel.Warning, "The order book of {Asset} could not be read: {Reason}")]
    private partial void LogNotRead(string asset, string reason);
}
