using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Frontdoor.Webhooks.Delivery;
using StellarPay.Frontdoor.Webhooks.Endpoints;
using StellarPay.Frontdoor.Webhooks.Log;
using StellarPay.Frontdoor.Webhooks.Targets;

namespace StellarPay.Frontdoor.Webhooks;

/// <summary>Calling merchants' programs with what happened.</summary>
internal static class WebhooksExtensions
{
    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations()
            .Validate<Merchants.MerchantMode>(
                (webhooks, mode) => !(webhooks.AllowLoopback && mode.IsLive),
                "StellarPay:Webhooks:AllowLoopback is for development: where payments are real no endpoint is on this machine.")
            .ValidateOnStart();
        services.TryAddSingleton<ResolveName>((host, cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken));
        services.AddSingleton<OwnHosts>();
        services.AddSingleton<WebhookTargets>();
        services.AddSingleton<WebhookSecret>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<WebhookEndpointStore>();
        services.AddSingleton<WebhookEndpointDesk>();
        services.AddSingleton<DeliveryLog>();
        services.AddSingleton<TestEvents>();
        services.AddSingleton<LeaseStore>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<ResultStore>();
        services.AddSingleton<WebhookUpkeep>();
        services.AddHostedService(provider => provider.GetRequiredService<WebhookUpkeep>());
        services.AddHostedService<DeliveryWorker>();
        services.AddHostedService<EndpointNotices>();
    }

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapWebhookEndpoints();
        routes.MapDeliveries();
    }
}
