using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Platform.Sponsors;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Merchants;

/// <summary>
/// How many accounts of their own a merchant's sessions may have opened in a day (UTC), and what those may send. Touches nothing but the
/// state.
/// </summary>
internal static class AddressDays
{
    private const string Used = "payment_addresses_used";

    /// <summary>Counts one, and says how many are left; or why there is none.</summary>
    public static Result<int> Take(MerchantState state, int perDay, DateTimeOffset now)
    {
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var used = state.AddressDay is { } last && last.Day == day ? last.Tries : 0;
        if (used >= perDay)
        {
            return new Error(ErrorKind.RateLimited, Used,
                "No more payment sessions of the merchant get an address of their own today. They can be paid by memo or muxed address.",
                RetryAfter: OpeningBudget.NextDay(now) - now);
        }

        state.AddressDay = new RefundDay(day, used + 1);
        return perDay - used - 1;
    }

    /// <summary>How many transactions they have made, or why there can be no more.</summary>
    public static Result<int> SweepsOf(MerchantState state, int perDay, bool isLittle, DateTimeOffset now) =>
        SweepDay.Refusal(state.SweepDay, isLittle, perDay, now) is { } refusal ? refusal : state.SweepDay?.All ?? 0;

    /// <summary>Counts one.</summary>
    public static SweepDay CountSweep(MerchantState state, bool isLittle, DateTimeOffset now) =>
        state.SweepDay = SweepDay.Count(state.SweepDay, isLittle, now);
}
