using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains;
using StellarPay.Grains.Money;
using StellarPay.Grains.Rates;

namespace StellarPay.Adapters.Rates;

/// <summary>
/// Rates from the settings, and for what is not named there from servers that tell rates and the network's order book, as far as they are
/// wanted: what most of them agree upon.
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

    public Task<AssetRate?> FindAsync(Asset asset, CancellationToken cancellationToken) => FindForAsync(asset, 0, cancellationToken);

    public async Task<AssetRate?> FindForAsync(Asset asset, decimal dollars, CancellationToken cancellationToken)
    {
        // A price that someone has set holds until someone sets another.
        if (_fixed.TryGetValue(asset.Canonical, out var price))
        {
            return new AssetRate(asset, price, business.GetUtcNow());
        }

        var booked = options.Value.OrderBook == true ? orderBook.Look(asset, dollars) : null;
        var told = _names.TryGetValue(asset.Canonical, out var name) ? await http.FindAsync(name, booked, cancellationToken)
            : booked is not null ? await http.AgreeAsync([booked], 1, cancellationToken)
            : null;
        return told is null ? null : new AssetRate(asset, told.Dollars, told.At, told.Source);
    }
}
