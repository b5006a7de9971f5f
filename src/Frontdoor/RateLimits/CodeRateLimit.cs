using Microsoft.Extensions.Options;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>How many codes one network may have sent to people, whoever they are: each costs us, and may be unwanted.</summary>
internal sealed class CodeRateLimit(RateLimitTable table, IOptions<RateLimitOptions> options)
{
    // As much as four networks of it.
    private const int NetworksOfSite = 4;

    // As much as eight sites of it.
    private const int NetworksOfBlock = 32;

    private readonly RateLimit _network = RateLimit.AnHour("codes", options.Value.CodesPerNetwork);
    private readonly RateLimit _block = RateLimit.AnHour("codes", options.Value.CodesPerNetwork).For("codes_block", NetworksOfBlock);
    private readonly RateLimit _site = RateLimit.AnHour("codes", options.Value.CodesPerNetwork).For("codes_range", NetworksOfSite);

    /// <summary>Null if there is room for one more; else how long until there is.</summary>
    public ValueTask<TimeSpan?> TakeAsync(ClientAddress address) =>
        address.Block is { } block
            ? table.TakeAsync(new(_block, block), new(_site, address.WideRange), new(_network, $"{address.Range:x16}"))
            : table.TakeAsync(new(_site, address.WideRange), new LimitedKey(_network, $"{address.Range:x16}"));
}
