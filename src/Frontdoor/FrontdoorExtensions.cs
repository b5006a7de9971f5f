using System.Diagnostics;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Passkeys;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Contacts;
using StellarPay.Frontdoor.EntityTags;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Health;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.Invitations;
using StellarPay.Frontdoor.Invoices;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Live;
using StellarPay.Frontdoor.Me;
using StellarPay.Frontdoor.Me.ContactChanges;
using StellarPay.Frontdoor.Me.PersonalData;
using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Merchants;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Keys;
using StellarPay.Frontdoor.Merchants.Signing;
using StellarPay.Frontdoor.MerchantEvents;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Notices;
using StellarPay.Frontdoor.OpenApi;
using StellarPay.Frontdoor.Origins;
using StellarPay.Frontdoor.Payments;
using StellarPay.Frontdoor.PaymentLinks;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Recipients;
using StellarPay.Frontdoor.RequestIds;
using StellarPay.Frontdoor.Refunds;
using StellarPay.Frontdoor.Schedules;
using StellarPay.Frontdoor.SecurityHeaders;
using StellarPay.Frontdoor.Telemetry;
using StellarPay.Frontdoor.TestClocks;
using StellarPay.Frontdoor.UnmatchedReceipts;
using StellarPay.Frontdoor.Versions;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Frontdoor.Webhooks;
using StellarPay.Grains;

namespace StellarPay.Frontdoor;

/// <summary>Makes a host a front door.</summary>
public static class FrontdoorExtensions
{
    /// <summary>The longest body of a request.</summary>
    internal const long MaxBodyBytes = 64 * 1024;

    private const double MinBodyBytesPerSecond = 8192;

    /// <summary>
    /// Adds the front door. The host must have the settings, and be a silo or a client of silos.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="network">The network that wallets are on.</param>
    public static IHostApplicationBuilder AddStellarPayFrontdoor(this IHostApplicationBuilder builder, NetworkProfile network)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton(BusinessTime.Key, TimeProvider.System);
        services.AddSingleton<DistributedContextPropagator>(new StrangersPropagator(DistributedContextPropagator.Current));
        services.AddStellarPayDatabase();
        services.AddStellarPayLedgerOwners();
        services.Configure<JsonOptions>(json => WireJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            // Whose session is good is looked up before the body is read: nobody drips one for minutes while the session ends.
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(MinBodyBytesPerSecond, TimeSpan.FromSeconds(5));
        });
        services.AddOptions<FrontdoorOptions>()
            .BindConfiguration(FrontdoorOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<FrontdoorOptions>>(Trust);
        services.AddStellarPayAuth(builder.Environment.IsDevelopment());
        services.AddMessages(builder.Environment.IsDevelopment());
        services.AddNotices();
        services.AddAdmin();
        services.AddRateLimits(builder.Environment.IsDevelopment());
        services.AddOurOrigins();
        services.TryAddSingleton(ApiVersions.Today);
        AnswerCompression.AddTo(services);
        services.AddRecipients();
        services.AddInvitations(builder.Environment.IsDevelopment());
        services.AddMe();
        services.AddIdempotency(builder.Environment.IsDevelopment());
        services.AddMerchants(network, builder.Environment.IsDevelopment());
        services.AddPaymentSessionsApi(network);
        services.AddRefundsApi();
        services.AddUnmatchedReceipts();
        services.AddCheckout(network, builder.Environment.IsDevelopment());
        services.AddPaymentLinks(builder.Environment.IsDevelopment());
        services.AddInvoices(builder.Environment.IsDevelopment());
        services.AddTestClocks();
        services.AddMerchantEvents();
        services.AddWebhooks();
        services.AddSingleton<ContactBook>();
        services.AddScoped<ContactDesk>();
        services.AddSingleton<PaymentDesk>();
        services.AddHttpContextAccessor();
        services.AddSingleton<WalletOpener>();
        services.AddSingleton(new PaymentRequestUri(network.Passphrase));
        services.AddSingleton<Readiness>();
        services.AddLive();
        services.AddApiDocument();
        builder.Logging.AddRequestIds(builder.Environment);
        return builder;
    }

    /// <summary>Maps everything that the front door serves.</summary>
    public static WebApplication MapStellarPayFrontdoor(this WebApplication app)
    {
        app.UseMiddleware<RequestIdMiddleware>();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        var options = app.Services.GetRequiredService<IOptions<FrontdoorOptions>>().Value;
        if (options.TrustedProxies.Length > 0)
        {
            app.UseForwardedHeaders();
        }

        if (options.RequireHttps ?? !app.Environment.IsDevelopment())
        {
            app.UseMiddleware<HttpsOnlyMiddleware>();
        }

        app.UseOurOrigins();
        app.UseMiddleware<AddressRateLimitMiddleware>();
        app.UseResponseCompression();
        app.UseMiddleware<ApiVersionMiddleware>();
        app.UseMiddleware<ErrorMiddleware>();
        app.UseMiddleware<Utf8OnlyMiddleware>();
        app.UseMiddleware<HubErrorsMiddleware>();
        app.UseWebSockets();
        app.MapApiDocument();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<ApiKeyMiddleware>();
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseMiddleware<SessionGate>();
        app.UseMiddleware<MerchantGate>();
        app.UseMiddleware<SignatureGate>();
        app.UseAuthorization();
        app.UseMiddleware<EntityTagMiddleware>();

        app.MapAuth();
        app.MapChallenges();
        app.MapPasskeyLogin();
        app.MapPasswordReset();
        app.MapSessions();
        app.MapWallet();
        app.MapPayments();
        app.MapInvitations();
        app.MapMe();
        app.MapPersonalData();
        app.MapProfile();
        app.MapConfirmation();
        app.MapFactors();
        app.MapPasskeys();
        app.MapContactChanges();
        app.MapContacts();
        app.MapRecipients();
        app.MapMerchants();
        app.MapPaymentSessions();
        app.MapRefunds();
        app.MapUnmatchedReceipts();
        app.MapCheckout();
        app.MapPaymentLinks();
        app.MapInvoices();
        app.MapTestClocks();
        app.MapMerchantEvents();
        app.MapWebhooks();
        app.MapAdmin();
        app.MapSchedules();
        app.MapLive();
        app.MapHealth();
        return app;
    }

    private static void Trust(ForwardedHeadersOptions forwarded, IOptions<FrontdoorOptions> options)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.Value.TrustedProxies)
        {
            if (ProxyNetwork.TryParse(proxy, out var network))
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        }
    }
}
