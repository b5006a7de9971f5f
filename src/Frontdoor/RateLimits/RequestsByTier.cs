namespace StellarPay.Frontdoor.RateLimits;

/// <summary>How often merchants may ask, by their tier.</summary>
internal sealed class RequestsByTier
{
    private const int Tiers = 4;
    private const int Most = 1_000_000;

    [ConfigurationKeyName("0")]
    public int Tier0 { get; set; }

    [ConfigurationKeyName("1")]
    public int Tier1 { get; set; }

    [ConfigurationKeyName("2")]
    public int Tier2 { get; set; }

    [ConfigurationKeyName("3")]
    public int Tier3 { get; set; }

    public int this[int tier] => tier switch
    {
        0 => Tier0,
        1 => Tier1,
        2 => Tier2,
        _ => Tier3,
    };

    public IEnumerable<string> Faults(string name) => Enumerable.Range(0, Tiers)
        .Where(tier => this[tier] is < 1 or > Most)
        .Select(tier => $"{name}:{tier} must be from 1 to {Most} a minute.");

    /// <summary>The limits of all tiers: each counts by itself, so that a merchant of another tier begins anew.</summary>
    public RateLimit[] Limits(string name) =>
        [.. Enumerable.Range(0, Tiers).Select(tier => RateLimit.AMinute($"{name}_{(char)('a' + tier)}", this[tier]))];
}
