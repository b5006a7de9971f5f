using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Grains;
using StellarPay.Grains.Rates;

namespace StellarPay.Adapters.Rates;

/// <summary>What currencies are worth, from the settings. What is not named there has no rate.</summary>
internal sealed class FiatRates(
    IOptions<RateSourceOptions> options, [FromKeyedServices(BusinessTime.Key)] TimeProvider business) : IFiatRates
{
    /// <summary>The currency in which all others are told.</summary>
    public const string Dollar = "USD";

    private const string Source = "settings";

    public Task<FiatRate?> FindAsync(string currency, CancellationToken cancellationToken) =>
        Task.FromResult(DollarsFor(currency) is { } dollars ? new FiatRate(currency, dollars, Source, business.GetUtcNow()) : null);

    private decimal? DollarsFor(string currency) => currency == Dollar
        ? 1
        : options.Value.Currencies.TryGetValue(currency, out var text) && RateSourceOptions.TryParse(text, out var dollars)
            ? dollars
            : null;
}
