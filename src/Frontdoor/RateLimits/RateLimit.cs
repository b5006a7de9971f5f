namespace StellarPay.Frontdoor.RateLimits;

/// <summary>A rate limit: how often in any window, for each of its keys.</summary>
/// <param name="Name">Its name in grains' keys: lower-case letters and underscores.</param>
/// <param name="Most">The most in a window.</param>
/// <param name="Window">How long a window is.</param>
internal sealed record RateLimit(string Name, int Most, TimeSpan Window)
{
    public static RateLimit AMinute(string name, int most) => new(name, most, TimeSpan.FromMinutes(1));

    public static RateLimit AnHour(string name, int most) => new(name, most, TimeSpan.FromHours(1));

    /// <summary>So many times as much, for what many share.</summary>
    public RateLimit For(string name, int times) => this with { Name = name, Most = (int)Math.Min((long)Most * times, 100_000_000) };
}
