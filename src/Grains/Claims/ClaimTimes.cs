namespace StellarPay.Grains.Claims;

/// <summary>When to look at balances that can be claimed later.</summary>
internal static class ClaimTimes
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>A while from now, but not more than a year: who sets a balance aside may name any moment up to the end of time.</summary>
    public static DateTimeOffset Ahead(DateTimeOffset now, TimeSpan wait) => now + (wait < Longest ? wait : Longest);
}
