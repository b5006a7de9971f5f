using System.ComponentModel.DataAnnotations;
using StellarPay.Frontdoor.Webhooks.Targets;

namespace StellarPay.Frontdoor.Webhooks;

/// <summary>How merchants' endpoints are called. Section <c>StellarPay:Webhooks</c>.</summary>
internal sealed class WebhookOptions : IValidatableObject
{
    public const string Section = "StellarPay:Webhooks";

    /// <summary>How many endpoints a merchant may have.</summary>
    [Range(1, 1000, ErrorMessage = "StellarPay:Webhooks:EndpointsPerMerchant must be from 1 to 1000.")]
    public int EndpointsPerMerchant { get; set; } = 16;

    /// <summary>Whether endpoints may be on this machine: for development, and never where payments are real.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>Our own names, addresses and networks (CIDR), which no endpoint may be on.</summary>
    public string[] Own { get; set; } = [];

    /// <summary>How long an endpoint may take for its answer.</summary>
    [Range(1, 30, ErrorMessage = "StellarPay:Webhooks:TimeoutSeconds must be from 1 to 30.")]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>How many events an endpoint is sent at once.</summary>
    [Range(1, 64, ErrorMessage = "StellarPay:Webhooks:AtOncePerEndpoint must be from 1 to 64.")]
    public int AtOncePerEndpoint { get; set; } = 16;

    /// <summary>How many events an endpoint is sent in a second.</summary>
    [Range(1, 10_000, ErrorMessage = "StellarPay:Webhooks:PerSecondPerEndpoint must be from 1 to 10000.")]
    public int PerSecondPerEndpoint { get; set; } = 250;

    /// <summary>How many endpoints a front door serves at once; at most half of them such as failed last or were slow.</summary>
    [Range(2, 4096, ErrorMessage = "StellarPay:Webhooks:EndpointsAtOnce must be from 2 to 4096.")]
    public int EndpointsAtOnce { get; set; } = 128;

    /// <summary>How many of these are one merchant's, of all front doors.</summary>
    [Range(1, 1000, ErrorMessage = "StellarPay:Webhooks:EndpointsAtOncePerMerchant must be from 1 to 1000.")]
    public int EndpointsAtOncePerMerchant { get; set; } = 8;

    /// <summary>How many of these are of the merchants that one user registered, of all front doors.</summary>
    [Range(1, 1000, ErrorMessage = "StellarPay:Webhooks:EndpointsAtOncePerOwner must be from 1 to 1000.")]
    public int EndpointsAtOncePerOwner { get; set; } = 16;

    /// <summary>Whose answer took longer is slow: for ten minutes it shares the places of those that fail.</summary>
    [Range(50, 30_000, ErrorMessage = "StellarPay:Webhooks:SlowMilliseconds must be from 50 to 30000.")]
    public int SlowMilliseconds { get; set; } = 1000;

    /// <summary>After how many failures without a success an endpoint's breaker opens.</summary>
    [Range(1, 10_000, ErrorMessage = "StellarPay:Webhooks:BreakerFailures must be from 1 to 10000.")]
    public int BreakerFailures { get; set; } = 20;

    /// <summary>For how long there must have been no success by then.</summary>
    [Range(0, 86_400, ErrorMessage = "StellarPay:Webhooks:BreakerAfterSeconds must be from 0 to 86400.")]
    public int BreakerAfterSeconds { get; set; } = 300;

    /// <summary>After how long an open breaker lets the first probe through; each time that fails, twice as long, up to an hour.</summary>
    [Range(1, 3600, ErrorMessage = "StellarPay:Webhooks:FirstProbeSeconds must be from 1 to 3600.")]
    public int FirstProbeSeconds { get; set; } = 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Own.All(OwnHosts.CanRead))
        {
            yield return new ValidationResult(
                "StellarPay:Webhooks:Own must be host names, IP addresses or networks such as 203.0.113.0/24.", [nameof(Own)]);
        }
    }
}
