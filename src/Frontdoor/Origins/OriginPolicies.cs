using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using StellarPay.Frontdoor.Checkout.Embed;
using StellarPay.Frontdoor.Merchants.Keys;
using StellarPay.Frontdoor.Merchants.Origins;

namespace StellarPay.Frontdoor.Origins;

/// <summary>
/// What the page of a request may: as one of ours, or as a merchant's. To a merchant's page no more is opened than it comes for: whether it
/// may ask, and what is answered to a publishable key. An access token that it may have got from somebody reads nothing there.
/// </summary>
internal sealed class OriginPolicies : ICorsPolicyProvider
{
    private const string Publishable = "pk_";

    private readonly HashSet<string> _ours;
    private readonly CorsPolicy _forOurs;
    private readonly CorsPolicy _forMerchants;

    public OriginPolicies(IOptions<FrontdoorOptions> options, MerchantOrigins merchants)
    {
        _ours = options.Value.AllowedOrigins.ToHashSet(StringComparer.Ordinal);
        _forOurs = OurOrigins.ForOurs(_ours.Contains);
        _forMerchants = OurOrigins.ForMerchants(merchants.Contains);
    }

    // The script of shops' pages is for all alike, and says so by itself: whatever keeps that answer for everybody would keep one that
    // names an origin of ours.
    public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName) => Task.FromResult(
        context.Request.Path.StartsWithSegments(EmbedScripts.Path) ? null
        : !_ours.Contains(context.Request.Headers[HeaderNames.Origin].ToString()) && IsMerchants(context.Request) ? _forMerchants
        : _forOurs);

    private static bool IsMerchants(HttpRequest request) =>
        (HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod))
        || ShownKey.Of(request)?.StartsWith(Publishable, StringComparison.Ordinal) is true;
}
