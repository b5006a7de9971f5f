using System.ComponentModel.DataAnnotations;
using StellarPay.Frontdoor.Origins;

namespace StellarPay.Frontdoor.Auth.Passkeys;

/// <summary>Where passkeys are used. Section <c>StellarPay:Passkeys</c>.</summary>
internal sealed class PasskeyOptions : IValidatableObject
{
    public const string Section = "StellarPay:Passkeys";

    /// <summary>
    /// The domain that passkeys are bound to, for ever (WebAuthn's RP id): the web app's, or one above it. Empty: there are no passkeys.
    /// </summary>
    public string RelyingPartyId { get; set; } = "";

    /// <summary>The origins of the pages that use them, each on that domain or below it.</summary>
    public string[] Origins { get; set; } = [];

    /// <summary>Whether there are passkeys here.</summary>
    public bool AreOffered => RelyingPartyId.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!AreOffered)
        {
            if (Origins.Length > 0)
            {
                yield return new ValidationResult(
                    "StellarPay:Passkeys:RelyingPartyId is missing: the domain of StellarPay:Passkeys:Origins.", [nameof(RelyingPartyId)]);
            }

            yield break;
        }

        if (Uri.CheckHostName(RelyingPartyId) != UriHostNameType.Dns || RelyingPartyId != RelyingPartyId.ToLowerInvariant())
        {
            yield return new ValidationResult(
                "StellarPay:Passkeys:RelyingPartyId must be a domain such as example.com, in small letters.", [nameof(RelyingPartyId)]);
        }

        if (Origins.Length == 0 || !Origins.All(IsOurs))
        {
            yield return new ValidationResult(
                "StellarPay:Passkeys:Origins must be origins such as https://app.example.com on StellarPay:Passkeys:RelyingPartyId or below it; "
                + "only this machine's own may be http.",
                [nameof(Origins)]);
        }
    }

    private bool IsOurs(string origin) => OurOrigins.IsOrigin(origin) && new Uri(origin).Host is var host
        && (host == RelyingPartyId || host.EndsWith($".{RelyingPartyId}", StringComparison.Ordinal));
}
