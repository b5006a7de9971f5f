using System.ComponentModel.DataAnnotations;

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

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TrustedProxies.All(proxy => ProxyNetwork.TryParse(proxy, out _)))
        {
            yield return new ValidationResult(
                "StellarPay:Frontdoor:TrustedProxies must be IP addresses or networks such as 10.0.0.0/8.", [nameof(TrustedProxies)]);
        }
    }
}
