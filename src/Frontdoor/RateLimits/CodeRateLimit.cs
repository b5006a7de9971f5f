using Microsoft.Extensions.Options;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>How many codes one network may have sent to people, whoever they are: each costs us, and may be unwanted.</summary>
internal sealed class CodeRateLimit(RateLimitTable table, IOptions<RateLimitOptions> options)
{
    // As much as four networks of it.
    private const int NetworksOfSite = 4;

    private readonly RateLimit _network = RateLimit.AnHour("codes", options.Value.CodesPerNetwork);
    private readonly RateLimit _site = RateLimit.AnHour("codes", options.Value.CodesPerNetwork).For("codes_range", NetworksOfSite);

    /// <summary>Null if there is room for one more; else how long until there is.</summary>
    public ValueTask<TimeSpan?> TakeAsync(ClientAddress address) =>
        table.TakeAsync(_site, address.WideRange, _network, $"{address.Range:x16}");
}
