using StellarPay.Grains.Money;

namespace StellarPay.Grains.Limits;

/// <summary>The limits of a tier, in units of the reference currency.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Payment">The most of one payment.</param>
/// <param name="Daily">The most in any 24 hours.</param>
/// <param name="Monthly">The most in any 30 days.</param>
/// <param name="DailyWithFactor">What <paramref name="Daily"/> would be with a second factor; null where none would change it.</param>
internal sealed record TierLimits(int Tier, long Payment, long Daily, long Monthly, long? DailyWithFactor = null)
{
    /// <summary>From when on it is so, where there is a factor that is too new to count; else null.</summary>
    public DateTimeOffset? RaisedAt { get; init; }

    /// <summary>The same for somebody who has no second factor.</summary>
    public TierLimits WithoutFactor(LimitOptions options)
    {
        var most = Units(options.DailyWithoutFactor);
        return most < Daily ? this with { Daily = most, DailyWithFactor = Daily } : this;
    }

    public static IReadOnlyList<TierLimits> All(LimitOptions options) =>
    [
        .. Enumerable.Range(0, TierTable.Count).Select(tier => new TierLimits(
            tier, Units(options.Tiers[tier].Payment), Units(options.Tiers[tier].Daily), Units(options.Tiers[tier].Monthly))),
    ];

    // Ten-millionths, like stroops.
    private static long Units(string amount) => Amount.TryParseStroops(amount, out var units)
        ? units
        : throw new InvalidOperationException($"Limits: '{amount}' is not an amount.");
}
