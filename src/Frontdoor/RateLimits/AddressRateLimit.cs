using Microsoft.Extensions.Options;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>How much one address may ask, counted before anything else is done for it. Costs two looks into tables.</summary>
internal sealed class AddressRateLimit(IOptions<RateLimitOptions> options, TimeProvider time)
{
    // A page loads many things at once, a minute's worth no person needs at once.
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(10);

    private readonly PlaceTable _places = new(TimeSpan.FromMinutes(1) / options.Value.AnyPerAddress, Burst, time);

    /// <summary>Null if there is room for one more; else how long until there is.</summary>
    public TimeSpan? Take(ClientAddress address) => _places.Take(address.Network);
}
