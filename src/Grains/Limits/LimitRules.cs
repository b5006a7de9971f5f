using System.Globalization;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Limits;

/// <summary>Whether a payment stays within its payer's limits.</summary>
internal static class LimitRules
{
    /// <summary>The first limit that a payment would exceed, or null.</summary>
    /// <param name="state">The wallet.</param>
    /// <param name="limits">Those of its owner's tier.</param>
    /// <param name="units">What the payment is worth; null where that is beyond counting.</param>
    /// <param name="now">Business time.</param>
    public static Error? Check(WalletState state, TierLimits limits, long? units, DateTimeOffset now)
    {
        if (units is not { } worth || worth > limits.Payment)
        {
            return Exceeded(
                "payment_limit_exceeded",
                $"A payment can be at most {ReferenceAmount.Text(limits.Payment)} at tier {limits.Tier}.");
        }

        var today = LimitLedger.Left(state.DayUsage, LimitWindow.Day, limits.Daily, now);
        if (worth > today)
        {
            return Exceeded("daily_limit_exceeded",
                Sentence("24 hours", limits.Daily, today, limits.Tier) + (limits, limits.DailyWithFactor) switch
                {
                    ({ RaisedAt: { } at }, { } raised) => string.Create(
                        CultureInfo.InvariantCulture,
                        $" With the second factor, which is new, it is {ReferenceAmount.Text(raised)} from {at:yyyy-MM-dd HH:mm} UTC on."),
                    (_, { } raised) => $" With a second factor it is {ReferenceAmount.Text(raised)}.",
                    _ => "",
                });
        }

        var thisMonth = LimitLedger.Left(state.MonthUsage, LimitWindow.Month, limits.Monthly, now);
        return worth > thisMonth
            ? Exceeded("monthly_limit_exceeded", Sentence("30 days", limits.Monthly, thisMonth, limits.Tier))
            : null;
    }

    private static string Sentence(string window, long limit, long left, int tier) =>
        $"Payments in any {window} can be at most {ReferenceAmount.Text(limit)} together at tier {tier}; "
        + $"{ReferenceAmount.Text(left)} of it is left.";

    private static Error Exceeded(string code, string message) => new(ErrorKind.Refused, code, message, "amount");
}
