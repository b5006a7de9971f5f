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
    /// Takes one that goes back by itself; whether there was one left. A stranger can bring them about, and each costs a transaction.
    /// </summary>
    public bool TakeAutomatic(DateTimeOffset now)
    {
        var before = state.AutomaticDay is { } last && last.Day == Of(now) ? last.Tries : 0;
        if (before >= options.MostAutomaticADay)
        {
            return false;
        }

        state.AutomaticDay = new RefundDay(Of(now), before + 1);
        return true;
    }
}
