using System.Collections.Concurrent;
using StellarPay.Grains.Money;
using StellarPay.Grains.Rates;

namespace StellarPay.Grains.Tests.World;

/// <summary>Rates by an asset's code that a test sets: a dollar for USDC and ten cents for XLM, always of this moment.</summary>
internal sealed class MemoryRates : IRateSource, IFiatRates
{
    private readonly ConcurrentDictionary<string, (decimal Price, DateTimeOffset? At)> _prices = [];

    public MemoryRates() => Reset();

    /// <summary>The prices of the beginning again.</summary>
    public void Reset()
    {
        _prices.Clear();
        _prices["USDC"] = (1m, null);
        _prices["XLM"] = (0.1m, null);
        _prices["USD"] = (1m, null);
        _prices["EUR"] = (1.08m, null);
        _prices["JPY"] = (0.0067m, null);
    }

    /// <summary>Sets a price, of this moment whenever it is asked for, or of a time.</summary>
    public void Set(string code, decimal price, DateTimeOffset? at = null) => _prices[code] = (price, at);

    public void Forget(string code) => _prices.TryRemove(code, out _);

    public Task<AssetRate?> FindAsync(Asset asset, CancellationToken cancellationToken) => Task.FromResult(
        _prices.TryGetValue(asset.Code, out var price)
            ? new AssetRate(asset, price.Price, price.At ?? DateTimeOffset.MaxValue)
            : null);

    public Task<FiatRate?> FindAsync(string currency, CancellationToken cancellationToken) => Task.FromResult(
        _prices.TryGetValue(currency, out var price)
            ? new FiatRate(currency, price.Price, "test", price.At ?? DateTimeOffset.MaxValue)
            : null);
}
