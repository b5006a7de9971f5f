namespace StellarPay.Frontdoor.SecurityHeaders;

/// <summary>What the page of an endpoint may load and do; without it, nothing.</summary>
/// <param name="Policy">As the header <c>Content-Security-Policy</c> has it.</param>
/// <param name="IsFramed">Whether some pages may show it in a frame.</param>
internal sealed record ContentPolicy(string Policy, bool IsFramed = false)
{
    private const string InNoFrame = "frame-ancestors 'none'";

    /// <summary>A page with files and forms of its own origin; nothing within the page itself, and in no frame.</summary>
    public static ContentPolicy OwnFiles { get; } = new(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        + InNoFrame);

    /// <summary>
    /// The same in frames of pages of some origins, each named whole. As a feature of a request it goes before its endpoint's.
    /// </summary>
    public ContentPolicy FramedBy(IEnumerable<string> origins) => new(
        Policy.Replace(InNoFrame, $"frame-ancestors {string.Join(' ', origins)}", StringComparison.Ordinal), IsFramed: true);
}
