using Microsoft.Extensions.Options;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>How often one user has all of his data handed out: that reads his whole history.</summary>
internal sealed class ExportRateLimit(RateLimitTable table, IOptions<RateLimitOptions> options)
{
    private readonly RateLimit _limit = RateLimit.AnHour("exports", options.Value.ExportsPerUser);

    /// <summary>Null if there is room for one more; else how long until there is.</summary>
    public ValueTask<TimeSpan?> TakeAsync(string user) => table.TakeAsync(_limit, user);
}
