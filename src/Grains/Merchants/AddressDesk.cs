using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Platform.Sponsors;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Merchants;

/// <summary>
/// How many accounts of their own a merchant's sessions may have opened in a day (UTC), and what those may send: counted in one state, so
/// that all of them together keep to it.
/// </summary>
internal sealed class AddressDesk(IMerchantContext merchant, PaymentAddressOptions options)
{
    private const string Used = "payment_addresses_used";

    private MerchantState State => merchant.State;

    /// <summary>
    /// Counts one, and says how many are left; or why there is none. One that was counted and not opened is counted all the same: a
    /// merchant's day is a bound, and no promise. In a turn.
    /// </summary>
    /// <param name="isForAnybody">
    /// Whether any stranger could have the session made, as by a payment link: those leave half to what the merchant makes himself.
    /// </param>
    public async Task<Result<int>> TakeAsync(bool isForAnybody)
    {
        var day = new DateTimeOffset(merchant.Now.UtcDateTime.Date, TimeSpan.Zero);
        var used = State.AddressDay is { } last && last.Day == day ? last.Tries : 0;
        var perDay = options.PerDayOf(State.Tier);
        if (used >= (isForAnybody ? (perDay + 1) / 2 : perDay))
        {
            return new Error(ErrorKind.RateLimited, Used,
                "No more payment sessions of the merchant get an address of their own today. They can be paid by memo or muxed address.",
                RetryAfter: OpeningBudget.NextDay(merchant.Now) - merchant.Now);
        }

        State.AddressDay = new RefundDay(day, used + 1);
        await merchant.SaveAsync();
        return perDay - used - 1;
    }

    /// <summary>How many transactions they have made, or why there can be no more. Reads one object, so that it may interleave.</summary>
    public Result<int> Sweeps(bool isLittle) =>
        SweepDay.Refusal(State.SweepDay, isLittle, options.SweepsPerDayOf(State.Tier), merchant.Now) is { } refusal
            ? refusal
            : State.SweepDay?.All ?? 0;

    /// <summary>
    /// Counts one. What is a payer's is stored with what is booked by it; of what strangers cause nothing may be, and it is few. In a turn.
    /// </summary>
    public Task CountSweepAsync(bool isLittle)
    {
        State.SweepDay = SweepDay.Count(State.SweepDay, isLittle, merchant.Now);
        return isLittle ? merchant.SaveAsync() : Task.CompletedTask;
    }
}
