using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Payments;
using StellarPay.Frontdoor.RequestIds;
using StellarPay.Frontdoor.Versions;

namespace StellarPay.Frontdoor.Origins;

/// <summary>
/// Which web pages of other origins may use this door (CORS): those that a setting names, one by one. Each may send credentials, for
/// SignalR's client asks to by itself, though we set no cookies; so there is no wildcard.
/// </summary>
internal static class OurOrigins
{
    // As long as browsers keep it at most.
    private static readonly TimeSpan PreflightHolds = TimeSpan.FromHours(2);

    private static readonly string[] Methods =
        [HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete];

    // The last two are SignalR's.
    private static readonly string[] Asked =
    [
        "Authorization", "Content-Type", IdempotencyKey.Header, "If-None-Match", RequestIdMiddleware.Header, ApiVersions.Header,
        "X-Requested-With", "X-SignalR-User-Agent",
    ];

    private static readonly string[] Shown =
    [
        RequestIdMiddleware.Header, "Retry-After", "ETag", "Location", "WWW-Authenticate", ApiVersions.Header, "Deprecation", "Sunset",
        "Link",
    ];

    public static void AddOurOrigins(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<FrontdoorOptions>>((cors, options) =>
        {
            var ours = options.Value.AllowedOrigins.ToHashSet(StringComparer.Ordinal);
            cors.AddDefaultPolicy(policy => policy
                // By a function, so that an answer for one origin is never kept for another (Vary).
                .SetIsOriginAllowed(ours.Contains)
                .WithMethods(Methods)
                .WithHeaders(Asked)
                .WithExposedHeaders(Shown)
                .AllowCredentials()
                .SetPreflightMaxAge(PreflightHolds));
        });
    }

    /// <summary>Before whatever may refuse: a page must be able to read a refusal, too.</summary>
    public static void UseOurOrigins(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<FrontdoorOptions>>().Value.AllowedOrigins.Length > 0)
        {
            app.UseCors();
        }
    }

    /// <summary>Whether a text is an origin as browsers send it: scheme, host and port, and nothing else.</summary>
    public static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var origin)
        && origin.Scheme is "https" or "http"
        && !text.Contains('*', StringComparison.Ordinal)
        && text == origin.GetLeftPart(UriPartial.Authority)
        && origin.UserInfo.Length == 0
        && (origin.Scheme == "https" || origin.IsLoopback);
}
