using Microsoft.Extensions.Options;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Keys;
using StellarPay.Frontdoor.Merchants.Origins;
using StellarPay.Frontdoor.Merchants.People;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.Merchants.Signing;
using StellarPay.Grains.Merchants;

namespace StellarPay.Frontdoor.Merchants;

/// <summary>Businesses that are paid.</summary>
internal static class MerchantsExtensions
{
    public static void AddMerchants(this IServiceCollection services, NetworkProfile network, bool development)
    {
        services.AddOptions<MerchantOptions>().BindConfiguration(MerchantOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MerchantFeeOptions>().BindConfiguration(MerchantFeeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new MerchantMode(
            network.Passphrase, provider.GetRequiredService<IOptions<StellarPaySettings>>().Value.Mode));
        services.AddSingleton<MerchantPeople>();
        services.AddSingleton<MerchantSeal>();
        services.AddSingleton<MerchantBook>();
        services.AddSingleton<MerchantEmail>();
        services.AddSingleton<MerchantDesk>();
        services.AddSingleton<MerchantDecision>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<ApiKeyCache>();
        services.AddSingleton<ApiKeyUses>();
        services.AddHostedService<ApiKeyUsesWorker>();
        services.AddSingleton<ApiKeyReports>();
        services.AddHostedService(provider => provider.GetRequiredService<ApiKeyReports>());
        services.AddSingleton<ApiKeyCheck>();
        services.AddSingleton<SigningSecrets>();
        services.AddSingleton<RequestNonces>();
        services.AddHostedService(provider => provider.GetRequiredService<RequestNonces>());
        services.AddSingleton<RequestSignatures>();
        services.AddSingleton<SigningDemand>();
        services.AddSingleton<ApiKeyBook>();
        // With a password's look, which is made for one request.
        services.AddScoped<ApiKeyDesk>();
        services.AddSingleton<InvitationSeal>();
        services.AddSingleton(provider => new InvitationCodes(
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development)));
        services.AddSingleton<PeopleBook>();
        services.AddScoped<PeopleDesk>();
        services.AddSingleton<MerchantChanges>();
        services.AddSingleton<OriginStore>();
        services.AddSingleton<MerchantOrigins>();
        services.AddSingleton<MerchantWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<MerchantWatch>());
    }

    public static void MapMerchants(this IEndpointRouteBuilder routes)
    {
        routes.MapMerchantRegistration();
        routes.MapApiKeys();
        routes.MapMerchantPeople();
    }
}
