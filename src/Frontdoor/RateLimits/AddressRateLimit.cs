using Microsoft.Extensions.Options;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>
/// How much one address may ask, counted before anything else is done for it. Costs two looks into tables whose size does not
/// depend on how many addresses there are: strangers' addresses share places, and one is refused only if both of its places are
/// used up.
/// </summary>
internal sealed class AddressRateLimit(IOptions<RateLimitOptions> options, TimeProvider time)
{
    private const int Places = 1 << 16;

    // A page loads many things at once, a minute's worth no person needs at once.
    private const int BurstSeconds = 10;

    // For each place the moment up to which it is used up.
    private readonly long[][] _used = [new long[Places], new long[Places]];
    private readonly long _each = Math.Max(1, time.TimestampFrequency * 60 / options.Value.AnyPerAddress);
    private readonly long _burst = time.TimestampFrequency * BurstSeconds;

    /// <summary>Null if there is room for one more; else how long until there is.</summary>
    public TimeSpan? Take(ClientAddress address)
    {
        var now = time.GetTimestamp();
        var wait = long.MaxValue;
        for (var table = 0; table < _used.Length; table++)
        {
            // Seeded at random in each process, so that nobody finds out with whom he shares a place.
            var place = (int)((uint)HashCode.Combine(address.Network, table) % Places);
            wait = Math.Min(wait, Take(ref _used[table][place], now));
        }

        return wait <= 0 ? null : TimeSpan.FromSeconds((double)wait / time.TimestampFrequency);
    }

    // How long until there is room; nothing or less where it was taken.
    private long Take(ref long used, long now)
    {
        while (true)
        {
            var before = Volatile.Read(ref used);
            var after = Math.Max(before, now) + _each;
            if (after - now > _burst)
            {
                return after - now - _burst;
            }

            if (Interlocked.CompareExchange(ref used, after, before) == before)
            {
                return 0;
            }
        }
    }
}
