namespace StellarPay.Frontdoor;

/// <summary>Where this front door stands. Section <c>StellarPay:Frontdoor</c>.</summary>
internal sealed class FrontdoorOptions
{
    public const string Section = "StellarPay:Frontdoor";

    /// <summary>
    /// IP addresses or networks (CIDR) of the proxies before us. Only from them X-Forwarded-For and X-Forwarded-Proto
    /// are believed; while there are none, from nobody.
    /// </summary>
    public string[] TrustedProxies { get; set; } = [];
}
