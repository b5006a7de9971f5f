using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;
using StellarPay.Grains.Rates;

namespace StellarPay.Adapters.Rates;

/// <summary>Registers where rates come from.</summary>
public static class RatesExtensions
{
    private const string SandboxXlmPrice = "0.10";

    // What they were worth one day; a sandbox has no market for them.
    private static readonly Dictionary<string, string> SandboxCurrencies = new(StringComparer.Ordinal)
    {
        ["EUR"] = "1.08", ["GBP"] = "1.27", ["INR"] = "0.012", ["BRL"] = "0.19", ["JPY"] = "0.0067", ["KWD"] = "3.25",
    };

    /// <summary>
    /// A dollar for USDC unless the settings say otherwise. XLM costs ten cents in the sandbox, whose order book is empty,
    /// and elsewhere what the order book says.
    /// </summary>
    public static IServiceCollection AddRates(this IServiceCollection services, StellarPaySettings settings)
    {
        var sandbox = settings.Network == StellarNetworkKind.Sandbox;
        services.AddOptions<RateSourceOptions>().BindConfiguration(RateOptions.Section)
            .PostConfigure(options =>
            {
                options.OrderBook ??= !sandbox;
                options.Prices.TryAdd("USDC", "1");
                var looked = options.Sources.Values.SelectMany(source => source.Names).ToHashSet(StringComparer.Ordinal);
                foreach (var (currency, dollars) in sandbox ? SandboxCurrencies : [])
                {
                    if (!looked.Contains(currency))
                    {
                        options.Currencies.TryAdd(currency, dollars);
                    }
                }

                if (sandbox && options.OrderBook == false && !looked.Contains("XLM"))
                {
                    options.Prices.TryAdd("XLM", SandboxXlmPrice);
                }
            })
            .ValidateDataAnnotations()
            .Validate(
                options => !options.AllowLoopback || settings.Network == StellarNetworkKind.Sandbox,
                "StellarPay:Rates:AllowLoopback is for a sandbox network.")
            // A rate is read again before it is too old, so that nobody waits for a source that is slow.
            .Validate<IOptions<RateOptions>>(
                (options, trust) => options.RefreshSeconds + options.SourceTimeoutSeconds < trust.Value.MaxAgeSeconds,
                "StellarPay:Rates:RefreshSeconds and StellarPay:Rates:SourceTimeoutSeconds together must be less than StellarPay:Rates:MaxAgeSeconds.")
            .ValidateOnStart();
        services.AddSingleton<HttpRates>();
        services.AddSingleton<OrderBookRates>();
        services.AddHostedService<OrderBookSampling>();
        services.AddSingleton<IRateSource, RateSource>();
        services.AddSingleton<IFiatRates, FiatRates>();
        return services;
    }
}
