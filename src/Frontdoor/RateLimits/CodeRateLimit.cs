using Microsoft.Extensions.Options;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>How many codes one network may have sent to people, whoever they are: each costs us, and may be unwanted.</summary>
internal sealed class CodeRateLimit(IOptions<RateLimitOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly PlaceTable _places = new(Window / options.Value.CodesPerNetwork, Window, time);

    /// <summary>Null if there is room for one more; else how long until there is.</summary>
    public TimeSpan? Take(ClientAddress address) => _places.Take(address.Range);
}
