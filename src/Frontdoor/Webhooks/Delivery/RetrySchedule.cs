namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>When what failed is tried again: after ten seconds first, after eight hours last, for three days in all.</summary>
internal static class RetrySchedule
{
    /// <summary>For how long an event is tried since it failed first; and an endpoint that has failed for so long is disabled.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(3);

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8),
    ];

    // What a receiver asks for beyond that it does not get: its events would be over by then.
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(12);
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    /// <summary>How long to wait after an attempt.</summary>
    /// <param name="attempt">Which one it was, from 1 on.</param>
    /// <param name="chance">From 0 to 1, so that what failed together does not come back together: up to a quarter longer.</param>
    /// <param name="asked">What the receiver asked for (Retry-After), or null.</param>
    public static TimeSpan After(int attempt, double chance, TimeSpan? asked)
    {
        var pause = Pauses[Math.Clamp(attempt, 1, Pauses.Length) - 1];
        pause += pause * (chance / 4);
        return asked is { } wanted && wanted > pause ? (wanted < LongestAsked ? wanted : LongestAsked) : pause;
    }

    /// <summary>For how long the endpoint is left alone that answered 429 or 503 with Retry-After; null where it did not.</summary>
    public static TimeSpan? RestOf(int? status, TimeSpan? asked) =>
        status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable && asked > TimeSpan.Zero
            ? (asked < LongestRest ? asked : LongestRest)
            : null;
}
