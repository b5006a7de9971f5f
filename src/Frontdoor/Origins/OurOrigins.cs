using System.Text;
using Microsoft.AspNetCore.Cors.Infrastructure;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Payments;
using StellarPay.Frontdoor.RequestIds;
using StellarPay.Frontdoor.Versions;

namespace StellarPay.Frontdoor.Origins;

/// <summary>
/// Which web pages of other origins may use this door (CORS): those that a setting names, one by one, and those of merchants whose keys
/// list them. Ours may send credentials, for SignalR's client asks to by itself, though we set no cookies; merchants' may not. So there is
/// no wildcard.
/// </summary>
internal static class OurOrigins
{
    // As long as browsers keep it at most.
    private static readonly TimeSpan PreflightHolds = TimeSpan.FromHours(2);

    private static readonly string[] Methods =
        [HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete];

    // What a page does with a publishable key.
    private static readonly string[] MerchantMethods = [HttpMethods.Get, HttpMethods.Post];

    private static readonly string[] MerchantAsked =
    [
        "Authorization", "Content-Type", IdempotencyKey.Header, "If-None-Match", RequestIdMiddleware.Header, ApiVersions.Header,
    ];

    // The last two are SignalR's.
    private static readonly string[] Asked = [.. MerchantAsked, MerchantOnly.Header, "X-Requested-With", "X-SignalR-User-Agent"];

    private static readonly string[] Shown =
    [
        RequestIdMiddleware.Header, "Retry-After", "ETag", "Location", "WWW-Authenticate", ApiVersions.Header, "Deprecation", "Sunset",
        "Link",
    ];

    public static void AddOurOrigins(this IServiceCollection services)
    {
        services.AddSingleton<ICorsPolicyProvider, OriginPolicies>();
        services.AddCors();
    }

    /// <summary>Before whatever may refuse: a page must be able to read a refusal, too.</summary>
    public static void UseOurOrigins(this WebApplication app) => app.UseCors();

    /// <summary>For pages of our own apps.</summary>
    public static CorsPolicy ForOurs(Func<string, bool> isOurs) => new CorsPolicyBuilder()
        // By a function, so that an answer for one origin is never kept for another (Vary).
        .SetIsOriginAllowed(isOurs)
        .WithMethods(Methods)
        .WithHeaders(Asked)
        .WithExposedHeaders(Shown)
        .AllowCredentials()
        .SetPreflightMaxAge(PreflightHolds)
        .Build();

    /// <summary>For pages of merchants: without credentials, whatever their browsers have of ours.</summary>
    public static CorsPolicy ForMerchants(Func<string, bool> isTheirs) => new CorsPolicyBuilder()
        .SetIsOriginAllowed(isTheirs)
        .WithMethods(MerchantMethods)
        .WithHeaders(MerchantAsked)
        .WithExposedHeaders(Shown)
        .DisallowCredentials()
        .SetPreflightMaxAge(PreflightHolds)
        .Build();

    /// <summary>
    /// Whether a text is an origin as browsers send it: scheme, host and port, and nothing else; a name in other letters than English in
    /// the form of IDNA (<c>xn--</c>).
    /// </summary>
    public static bool IsOrigin(string text) =>
        Ascii.IsValid(text)
        && Uri.TryCreate(text, UriKind.Absolute, out var origin)
        && origin.Scheme is "https" or "http"
        && !text.Contains('*', StringComparison.Ordinal)
        && text == origin.GetLeftPart(UriPartial.Authority)
        && origin.UserInfo.Length == 0
        && (origin.Scheme == "https" || origin.IsLoopback);
}
