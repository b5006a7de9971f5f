using System.ComponentModel.DataAnnotations;
using StellarPay.Frontdoor.Origins;

namespace StellarPay.Frontdoor;

/// <summary>Where this front door stands. Section <c>StellarPay:Frontdoor</c>.</summary>
internal sealed class FrontdoorOptions : IValidatableObject
{
    public const string Section = "StellarPay:Frontdoor";

    /// <summary>
    /// IP addresses or networks (CIDR) of the proxies before us. Only from them X-Forwarded-For and X-Forwarded-Proto
    /// are believed; while there are none, from nobody.
    /// </summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>The origins of our own web apps, whose pages may use this door; none by default.</summary>
    public string[] AllowedOrigins { get; set; } = [];

    /// <summary>Whether requests in clear are refused; outside development they are, unless this says otherwise.</summary>
    public bool? RequireHttps { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!AllowedOrigins.All(OurOrigins.IsOrigin))
        {
            yield return new ValidationResult(
                "StellarPay:Frontdoor:AllowedOrigins must be origins such as https://app.example.com, without a path or a wildcard; "
                + "only this machine's own may be http.",
                [nameof(AllowedOrigins)]);
        }

        if (!TrustedProxies.All(proxy => ProxyNetwork.TryParse(proxy, out _)))
        {
            yield return new ValidationResult(
                "StellarPay:Frontdoor:TrustedProxies must be IP addresses or networks such as 10.0.0.0/8.", [nameof(TrustedProxies)]);
        }
    }
}
