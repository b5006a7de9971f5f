using System.ComponentModel.DataAnnotations;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>How much one caller may ask of all front doors. Section <c>StellarPay:RateLimits</c>.</summary>
internal sealed class RateLimitOptions : IValidatableObject
{
    public const string Section = "StellarPay:RateLimits";

    /// <summary>Requests a minute of any kind from one IP address, a sixth of them at once.</summary>
    [Range(6, 100_000_000, ErrorMessage = "StellarPay:RateLimits:AnyPerAddress must be from 6 to 100000000 a minute.")]
    public int AnyPerAddress { get; set; } = 12_000;

    /// <summary>Requests a minute to /v1/auth from one IP address.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:RateLimits:AuthPerAddress must be from 1 to 1000000 a minute.")]
    public int AuthPerAddress { get; set; } = 120;

    /// <summary>Codes an hour that requests from one network (IPv4 /24, IPv6 /64) have sent to people, sign-ups among them.</summary>
    [Range(1, 100_000_000, ErrorMessage = "StellarPay:RateLimits:CodesPerNetwork must be from 1 to 100000000 an hour.")]
    public int CodesPerNetwork { get; set; } = 120;

    /// <summary>Logins a minute to one name from one network, or with one device that is known.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:RateLimits:LoginPerAccount must be from 1 to 1000000 a minute.")]
    public int LoginPerAccount { get; set; } = 20;

    /// <summary>Refreshes a minute of one session.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:RateLimits:RefreshPerSession must be from 1 to 1000000 a minute.")]
    public int RefreshPerSession { get; set; } = 30;

    /// <summary>Requests a minute of one user, or from one IP address without a token.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:RateLimits:ApiPerUser must be from 1 to 1000000 a minute.")]
    public int ApiPerUser { get; set; } = 1200;

    /// <summary>Of them, those of a user who has confirmed neither an e-mail address nor a phone number.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:RateLimits:ApiPerUnconfirmedUser must be from 1 to 1000000 a minute.")]
    public int ApiPerUnconfirmedUser { get; set; } = 30;

    /// <summary>Names of others a minute that one user looks up, pays or schedules for, each that is new to him.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:RateLimits:LookupPerUser must be from 1 to 1000000 a minute.")]
    public int LookupPerUser { get; set; } = 60;

    /// <summary>How often an hour one user has all of his data handed out.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:RateLimits:ExportsPerUser must be from 1 to 1000000 an hour.")]
    public int ExportsPerUser { get; set; } = 5;

    /// <summary>How often an hour one session changes each of what protects its user; all of his together three times as often.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:RateLimits:SecurityChangesPerSession must be from 1 to 1000000 an hour.")]
    public int SecurityChangesPerSession { get; set; } = 10;

    /// <summary>How many contacts an hour one session adds or renames; all of its user's together three times as many.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:RateLimits:ContactsPerSession must be from 1 to 1000000 an hour.")]
    public int ContactsPerSession { get; set; } = 60;

    /// <summary>How often an hour one session makes or resumes a schedule; all of its user's together three times as often.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:RateLimits:ScheduleChangesPerSession must be from 1 to 1000000 an hour.")]
    public int ScheduleChangesPerSession { get; set; } = 120;

    /// <summary>Requests a minute by one secret or restricted key, by its merchant's tier.</summary>
    public RequestsByTier ApiPerKey { get; set; } = new() { Tier0 = 600, Tier1 = 1200, Tier2 = 3000, Tier3 = 6000 };

    /// <summary>Requests a minute by all keys of one merchant, by his tier.</summary>
    public RequestsByTier ApiPerMerchant { get; set; } = new() { Tier0 = 1200, Tier1 = 3000, Tier2 = 12_000, Tier3 = 30_000 };

    /// <summary>Requests a minute from one IP address to the pages where sessions are paid, a sixth of them at once.</summary>
    [Range(6, 1_000_000, ErrorMessage = "StellarPay:RateLimits:CheckoutPerAddress must be from 6 to 1000000 a minute.")]
    public int CheckoutPerAddress { get; set; } = 1200;

    /// <summary>Of them, those without the page's secret.</summary>
    [Range(6, 1_000_000, ErrorMessage = "StellarPay:RateLimits:CheckoutWithoutKeyPerAddress must be from 6 to 1000000 a minute.")]
    public int CheckoutWithoutKeyPerAddress { get; set; } = 60;

    /// <summary>Sessions a minute that one IP address makes of payment links, a sixth of them at once.</summary>
    [Range(6, 1_000_000, ErrorMessage = "StellarPay:RateLimits:PaymentLinksPerAddress must be from 6 to 1000000 a minute.")]
    public int PaymentLinksPerAddress { get; set; } = 60;

    /// <summary>How long a front door waits for the cluster's count before it counts by itself, in milliseconds.</summary>
    [Range(10, 10_000, ErrorMessage = "StellarPay:RateLimits:AnswerMilliseconds must be from 10 to 10000.")]
    public int AnswerMilliseconds { get; set; } = 250;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        ApiPerKey.Faults($"{Section}:{nameof(ApiPerKey)}").Concat(ApiPerMerchant.Faults($"{Section}:{nameof(ApiPerMerchant)}"))
            .Select(fault => new ValidationResult(fault));
}
