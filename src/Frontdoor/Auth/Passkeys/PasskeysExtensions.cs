using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;

namespace StellarPay.Frontdoor.Auth.Passkeys;

/// <summary>Passkeys (WebAuthn).</summary>
internal static class PasskeysExtensions
{
    private const string ThisMachine = "localhost";

    public static IServiceCollection AddPasskeys(this IServiceCollection services, bool development)
    {
        var options = services.AddOptions<PasskeyOptions>().BindConfiguration(PasskeyOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        if (development)
        {
            // Browsers take this machine's own pages without HTTPS.
            options.PostConfigure<IOptions<StellarPaySettings>>((passkeys, settings) =>
            {
                if (!passkeys.AreOffered && passkeys.Origins.Length == 0)
                {
                    (passkeys.RelyingPartyId, passkeys.Origins) = (ThisMachine, [$"http://{ThisMachine}:{settings.Value.HttpPort}"]);
                }
            });
        }

        services.AddSingleton<PasskeyCeremony>();
        services.AddSingleton<PasskeyChallenges>();
        services.AddSingleton<PasskeyStore>();
        services.AddSingleton<PasskeyCheck>();
        return services;
    }
}
