using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>Refreshes of one session: each is written, and a client needs one an hour.</summary>
internal sealed class RefreshRateLimit(RateLimitTable table, IOptions<RateLimitOptions> options)
{
    // A grain's key is in logs; so much of a digest is enough to keep sessions apart.
    private const int DigestBytes = 16;

    private readonly RateLimit _limit = RateLimit.AMinute("refresh", options.Value.RefreshPerSession);

    /// <summary>Null if there is room for one more. Made-up tokens look like any other here; addresses are counted, too.</summary>
    public async ValueTask<Problem?> TakeAsync(byte[] family) =>
        await table.TakeIfRoomAsync(_limit, Convert.ToHexStringLower(family.AsSpan(0, DigestBytes))) is { } wait
            ? StatusProblems.Of(StatusCodes.Status429TooManyRequests) with { RetryAfter = wait }
            : null;
}
