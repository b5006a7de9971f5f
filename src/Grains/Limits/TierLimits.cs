using StellarPay.Grains.Money;

namespace StellarPay.Grains.Limits;

/// <summary>The limits of a tier, in units of the reference currency.</summary>
internal sealed record TierLimits(int Tier, long Payment, long Daily, long Monthly)
{
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
