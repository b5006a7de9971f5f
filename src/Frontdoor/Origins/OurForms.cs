namespace StellarPay.Frontdoor.Origins;

/// <summary>Which forms come from pages of ours.</summary>
internal static class OurForms
{
    /// <summary>
    /// Whether no page of anybody else's sent a form. Browsers say where one comes from, in <c>Sec-Fetch-Site</c> or, those that are old,
    /// by the origin. Who says neither is no browser.
    /// </summary>
    public static bool IsOurs(HttpRequest request) => request.Headers["Sec-Fetch-Site"].FirstOrDefault() is { } site
        ? site is "same-origin" or "none"
        : request.Headers.Origin.FirstOrDefault() is not { } origin || origin == "null"
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && string.Equals(from.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase));
}
