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
        : order.IsClaimed && !TakeClaimed(order.IsLittle, now) ? RefundReasons.TooManyClaimed
        : null;

    /// <summary>How many refunds payers may claim today still; of who paid little fewer.</summary>
    public int ClaimsLeft(DateTimeOffset now, bool isLittle = false)
    {
        var left = options.MostClaimedADay - UsedOf(state.ClaimedDay, now);
        return isLittle ? Math.Min(left, ((options.MostClaimedADay + 1) / 2) - UsedOf(state.LittleClaimedDay, now)) : left;
    }

    /// <summary>How many wait. What payers claim is of what is held for them, and counts apart: neither takes the other's place.</summary>
    public int Waiting(bool isClaimed) => state.RefundOrders.Count(order => order.IsClaimed == isClaimed);

    /// <summary>What a session must know before it gives something back.</summary>
    public MerchantRefunds Facts(bool isClaimed, DateTimeOffset now) => new(
        Waiting(isClaimed), state.Suspended, ClaimsLeft(now) > 0, ClaimsLeft(now, isLittle: true) > 0);

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
    private bool TakeClaimed(bool isLittle, DateTimeOffset now)
    {
        if (ClaimsLeft(now, isLittle) <= 0)
        {
            return false;
        }

        state.ClaimedDay = new RefundDay(Of(now), UsedOf(state.ClaimedDay, now) + 1);
        if (isLittle)
        {
            state.LittleClaimedDay = new RefundDay(Of(now), UsedOf(state.LittleClaimedDay, now) + 1);
        }

        return true;
    }

    private static int UsedOf(RefundDay? day, DateTimeOffset now) => day is not null && day.Day == Of(now) ? day.Tries : 0;
}
