using Microsoft.Extensions.Options;
using StellarPay.Adapters.Keys;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>What finds people by their names, and what reads those.</summary>
internal static class NamesExtensions
{
    /// <summary>With the keys of subjects, which keep all that is personal.</summary>
    public static IServiceCollection AddNames(this IServiceCollection services, bool development)
    {
        services.AddSubjectKeys(provider => TokenSecret.DeriveKey(
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development), "stellarpay/subject keys/v1"u8));
        services.AddSingleton<ContactIndex>();
        services.AddSingleton<ContactSeal>();
        return services;
    }
}
