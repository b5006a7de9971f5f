using StellarPay.Grains.Access;
using StellarPay.Grains.Failures;

namespace StellarPay.Grains.RateLimits;

/// <summary>
/// Counts one key of one rate limit (a user, a network, a name's digest) for all front doors. In memory alone: a silo that dies
/// forgets what it counted. Keys are <c>rl_LIMIT_KEY</c>; each is an activation of its own, so that a key that is asked for
/// without end holds up no other.
/// </summary>
[Alias("sp.IRateLimitGrain"), ForDoors]
public interface IRateLimitGrain : IGrainWithStringKey
{
    /// <summary>Takes permits for a front door, and gives back those of an earlier lease that it has not used.</summary>
    /// <param name="ask">How many, of which limit.</param>
    /// <returns>What was granted.</returns>
    /// <exception cref="GrainFailedException">The ask or the key makes no sense; nothing was counted.</exception>
    [Alias("Take"), ResponseTimeout("00:00:02")]
    ValueTask<RateLimitLease> TakeAsync(RateLimitAsk ask);
}

/// <summary>What a front door asks of a rate limit.</summary>
/// <param name="Limit">The most in any window; 1 to <see cref="MostPermits"/>.</param>
/// <param name="Window">How long a window is; a second to a day.</param>
/// <param name="Needed">Permits for requests that wait, at least one.</param>
/// <param name="Spare">More, for requests that may come; none where the limit is near.</param>
/// <param name="Unused">Permits of an earlier lease that were not used; they count no more.</param>
/// <param name="UnusedPart">The <see cref="RateLimitLease.Part"/> of that lease.</param>
[GenerateSerializer, Immutable, Alias("sp.RateLimitAsk")]
public sealed record RateLimitAsk(
    [property: Id(0)] int Limit,
    [property: Id(1)] TimeSpan Window,
    [property: Id(2)] int Needed,
    [property: Id(3)] int Spare = 0,
    [property: Id(4)] int Unused = 0,
    [property: Id(5)] long UnusedPart = 0)
{
    /// <summary>The most that any number of an ask may be.</summary>
    public const int MostPermits = 100_000_000;
}

/// <summary>What a rate limit grants.</summary>
/// <param name="Granted">How many permits.</param>
/// <param name="Part">The part of the window in which they count.</param>
/// <param name="UsableFor">How long they may be used, from when they were asked for: those to spare to the part's end.</param>
/// <param name="RetryAfter">Until there is one more, where fewer were granted than were needed; else zero.</param>
[GenerateSerializer, Immutable, Alias("sp.RateLimitLease")]
public sealed record RateLimitLease(
    [property: Id(0)] int Granted,
    [property: Id(1)] long Part,
    [property: Id(2)] TimeSpan UsableFor,
    [property: Id(3)] TimeSpan RetryAfter);
