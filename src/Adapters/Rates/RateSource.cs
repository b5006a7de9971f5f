using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains;
using StellarPay.Grains.Money;
using StellarPay.Grains.Rates;

namespace StellarPay.Adapters.Rates;

/// <summary>
/// Rates from the settings, and for what is not named there from servers that tell rates and the network's order book, as far as they are
/// wanted: what they agree upon.
/// </summary>
internal sealed class RateSource(
    OrderBookRates orderBook,
    HttpRates http,
    IOptions<RateSourceOptions> options,
    NetworkProfile network,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business) : IRateSource
{
    private readonly Dictionary<string, decimal> _fixed = options.Value.Prices.ToDictionary(
        price => RateNames.CanonicalOf(price.Key, network),
        price => RateSourceOptions.TryParse(price.Value, out var value)
            ? value
            : throw new InvalidOperationException($"Rates: '{price.Value}' is not a price."),
        StringComparer.Ordinal);

    private readonly Dictionary<string, string> _names = options.Value.Sources.Values.SelectMany(source => source.Names)
        .Where(RateNames.IsAsset).Distinct(StringComparer.Ordinal)
        .ToDictionary(name => RateNames.CanonicalOf(name, network), name => name, StringComparer.Ordinal);

    public async Task<AssetRate?> FindAsync(Asset asset, CancellationToken cancellationToken)
    {
        // A price that someone has set holds until someone sets another.
        if (_fixed.TryGetValue(asset.Canonical, out var price))
        {
            return new AssetRate(asset, price, business.GetUtcNow());
        }

        var booked = options.Value.OrderBook == true ? await orderBook.FindAsync(asset, cancellationToken) : null;
        if (!_names.TryGetValue(asset.Canonical, out var name))
        {
            return booked;
        }

        RateQuote[] others = booked is null ? [] : [new RateQuote(booked.Source, booked.Price, booked.At)];
        return await http.FindAsync(name, others, cancellationToken) is { } told
            ? new AssetRate(asset, told.Dollars, told.At, told.Source)
            : null;
    }
}
