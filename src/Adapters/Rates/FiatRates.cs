using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Grains;
using StellarPay.Grains.Rates;

namespace StellarPay.Adapters.Rates;

/// <summary>What currencies are worth: what the settings say, and where they say nothing what servers tell. Else there is none.</summary>
internal sealed class FiatRates(
    HttpRates http, IOptions<RateSourceOptions> options, [FromKeyedServices(BusinessTime.Key)] TimeProvider business) : IFiatRates
{
    /// <summary>The currency in which all others are told.</summary>
    public const string Dollar = "USD";

    private const string Source = "settings";

    public async Task<FiatRate?> FindAsync(string currency, CancellationToken cancellationToken)
    {
        if (DollarsFor(currency) is { } dollars)
        {
            return new FiatRate(currency, dollars, Source, business.GetUtcNow());
        }

        return await http.FindAsync(currency, null, cancellationToken) is { } told
            ? new FiatRate(currency, told.Dollars, told.Source, told.At)
            : null;
    }

    private decimal? DollarsFor(string currency) => currency == Dollar
        ? 1
        : options.Value.Currencies.TryGetValue(currency, out var text) && RateSourceOptions.TryParse(text, out var dollars)
            ? dollars
            : null;
}
