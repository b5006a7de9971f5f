using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>The rate limits.</summary>
internal static class RateLimitExtensions
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services, bool development)
    {
        services.AddOptions<RateLimitOptions>()
            .BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AddressRateLimit>();
        services.AddSingleton<RateLimitGrains>();
        services.AddSingleton<RateLimitTable>();
        services.AddHostedService<RateLimitSweep>();
        services.AddSingleton<CodeRateLimit>();
        services.AddSingleton<UserRateLimit>();
        services.AddSingleton<MerchantRateLimit>();
        services.AddSingleton<CheckoutRateLimit>();
        services.AddSingleton(provider => new AccountRateLimit(
            provider.GetRequiredService<RateLimitTable>(),
            provider.GetRequiredService<IOptions<RateLimitOptions>>(),
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development)));
        services.AddSingleton<RefreshRateLimit>();
        services.AddSingleton<LookupRateLimit>();
        services.AddSingleton<ExportRateLimit>();
        services.AddSingleton<ChangeRateLimit>();
        return services;
    }
}
