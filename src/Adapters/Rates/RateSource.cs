using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains;
using StellarPay.Grains.Money;
using StellarPay.Grains.Rates;

namespace StellarPay.Adapters.Rates;

/// <summary>Rates from the settings, and for what is not named there from the network's order book, if that is wanted.</summary>
internal sealed class RateSource(
    OrderBookRates orderBook,
    IOptions<RateSourceOptions> options,
    NetworkProfile network,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business) : IRateSource
{
    private readonly Dictionary<string, decimal> _fixed = options.Value.Prices.ToDictionary(
        price => CanonicalOf(price.Key, network),
        price => RateSourceOptions.TryParse(price.Value, out var value)
            ? value
            : throw new InvalidOperationException($"Rates: '{price.Value}' is not a price."),
        StringComparer.Ordinal);

    public async Task<AssetRate?> FindAsync(Asset asset, CancellationToken cancellationToken)
    {
        // A price that someone has set holds until someone sets another.
        if (_fixed.TryGetValue(asset.Canonical, out var price))
        {
            return new AssetRate(asset, price, business.GetUtcNow());
        }

        return options.Value.OrderBook == true ? await orderBook.FindAsync(asset, cancellationToken) : null;
    }

    private static string CanonicalOf(string name, NetworkProfile network) => name switch
    {
        "XLM" => Asset.Native.Canonical,
        _ when name == Asset.Parse(network.Usdc).Code => network.Usdc,
        // A colon would be a level of the configuration, so code and issuer are joined as in SEP-11's URIs.
        _ => name.Replace('-', ':'),
    };
}
