using System.Buffers;
using StellarPay.Frontdoor.Merchants.Keys;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.SecurityHeaders;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout.Embed;

/// <summary>A page that pages of a merchant's may show in a frame.</summary>
/// <param name="Key">The publishable key that says so.</param>
/// <param name="Origins">The origins that it lists.</param>
internal sealed record PageFrame(string Key, IReadOnlyList<string> Origins);

/// <summary>
/// Who may show a payer's page in a frame: pages of the origins that a publishable key lists, where the page's address names that key and
/// it is of the merchant who is paid. All others may not.
/// </summary>
internal sealed class PageFrames(ApiKeyCheck keys, CheckoutRateLimit limit)
{
    /// <summary>By what a page's address names the key.</summary>
    public const string Parameter = "embed";

    // Of what an origin is made that a policy can name: no IPv6 address, no underline. Nothing in it ends a source of the policy.
    private static readonly SearchValues<char> OfOrigins = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-:/");

    /// <summary>Opens the answer to the frames that the request names, if it names any; null where it is in no frame.</summary>
    /// <param name="context">The request.</param>
    /// <param name="merchant">Who is paid.</param>
    public async Task<PageFrame?> OpenAsync(HttpContext context, MerchantId merchant)
    {
        if (await keys.FindPublishableAsync(
                context, context.Request.Query[Parameter].FirstOrDefault(), () => limit.TakeLookForKey(context)) is not { } key
            || key.Merchant != merchant)
        {
            return null;
        }

        string[] origins = [.. key.Origins.Where(origin => !origin.AsSpan().ContainsAnyExcept(OfOrigins))];
        if (origins.Length == 0)
        {
            return null;
        }

        context.Features.Set(ContentPolicy.OwnFiles.FramedBy(origins));
        return new PageFrame(context.Request.Query[Parameter].First()!, origins);
    }

    /// <summary>A text that may be the name of such a key, to be handed on in an address; null where it is none.</summary>
    public static string? NameIn(string? text) =>
        ApiKeyText.TryParse(text, out var key) && key.Kind == ApiKeyKind.Publishable ? text : null;
}
