namespace StellarPay.Frontdoor.SecurityHeaders;

/// <summary>What the page of an endpoint may load and do; without it, nothing.</summary>
/// <param name="Policy">As the header <c>Content-Security-Policy</c> has it.</param>
internal sealed record ContentPolicy(string Policy)
{
    /// <summary>A page with files and forms of its own origin; nothing within the page itself, and in no frame.</summary>
    public static ContentPolicy OwnFiles { get; } = new(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'");
}
