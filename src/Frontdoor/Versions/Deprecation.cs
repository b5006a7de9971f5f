using System.Globalization;

namespace StellarPay.Frontdoor.Versions;

/// <summary>
/// That something goes out of use: a version, or, as an endpoint's metadata, the endpoint or a field of its answers. Told with each
/// answer that it concerns.
/// </summary>
/// <param name="Since">From when it is deprecated.</param>
/// <param name="Sunset">From when it may be gone.</param>
/// <param name="Page">Where it is said what takes its place.</param>
internal sealed record Deprecation(DateTimeOffset Since, DateTimeOffset Sunset, Uri Page)
{
    /// <summary>Says so in the headers of RFC 9745 and RFC 8594. Of several the first to end is told.</summary>
    public void Tell(IHeaderDictionary headers)
    {
        headers["Deprecation"] = string.Create(CultureInfo.InvariantCulture, $"@{Since.ToUnixTimeSeconds()}");
        headers["Sunset"] = Sunset.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture);
        headers.Append("Link", $"<{Page}>; rel=\"deprecation\"; type=\"text/html\"");
    }
}
