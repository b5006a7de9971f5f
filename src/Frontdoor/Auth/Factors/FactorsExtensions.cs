using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Grains;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>What users show beside their passwords.</summary>
internal static class FactorsExtensions
{
    public static IServiceCollection AddSecondFactors(this IServiceCollection services, bool development)
    {
        services.AddSingleton<FactorStore>();
        services.AddSingleton<LoginChallenges>();
        services.AddSingleton<StepUp>();
        services.AddScoped<FactorLogin>();
        services.AddScoped<OwnerProof>();
        services.AddScoped<FirstFactor>();
        services.AddScoped<FactorUndos>();
        services.AddSingleton(provider => new SecondFactor(
            TokenSecret.DeriveKey(
                TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development),
                "stellarpay/recovery codes/v1"u8),
            provider.GetRequiredService<FactorStore>(),
            provider.GetRequiredService<ISubjectKeys>(),
            provider.GetRequiredKeyedService<TimeProvider>(BusinessTime.Key)));
        return services;
    }
}
