using StellarPay.Grains.Refunds;

namespace StellarPay.Grains.Merchants;

/// <summary>How much a merchant may try to pay back in a day (UTC), and how often by itself. Touches nothing but the state.</summary>
internal sealed class RefundDays(MerchantState state, RefundOptions options)
{
    /// <summary>The day of a moment.</summary>
    public static DateTimeOffset Of(DateTimeOffset at) => new(at.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>How many payments may be tried today still.</summary>
    public int TriesLeft(DateTimeOffset now) =>
        options.MostTriesADay - (state.RefundDay is { } day && day.Day == Of(now) ? day.Tries : 0);

    /// <summary>Notes that so many were tried.</summary>
    public void Try(int count, DateTimeOffset at)
    {
        var day = Of(at);
        state.RefundDay = new RefundDay(day, (state.RefundDay?.Day == day ? state.RefundDay.Tries : 0) + count);
    }

    /// <summary>
    /// Takes what the merchant did not ask for, by itself or as its payer claimed it: each costs a transaction that strangers bring about.
    /// Why there is none left; null where there was, or he asked himself.
    /// </summary>
    public string? Refuse(RefundOrder order, DateTimeOffset now) =>
        order.IsAutomatic && !TakeAutomatic(now) ? RefundReasons.TooManyAutomatic
        : order.IsClaimed && !TakeClaimed(now) ? RefundReasons.TooManyClaimed
        : null;

    /// <summary>How many refunds payers may claim today still.</summary>
    public int ClaimsLeft(DateTimeOffset now) =>
        options.MostClaimedADay - (state.ClaimedDay is { } day && day.Day == Of(now) ? day.Tries : 0);

    private bool TakeAutomatic(DateTimeOffset now)
    {
        var before = state.AutomaticDay is { } last && last.Day == Of(now) ? last.Tries : 0;
        if (before >= options.MostAutomaticADay)
        {
            return false;
        }

        state.AutomaticDay = new RefundDay(Of(now), before + 1);
        return true;
    }

    // Apart from what goes back by itself: neither uses up the other.
    private bool TakeClaimed(DateTimeOffset now)
    {
        var left = ClaimsLeft(now);
        if (left <= 0)
        {
            return false;
        }

        state.ClaimedDay = new RefundDay(Of(now), options.MostClaimedADay - left + 1);
        return true;
    }
}
