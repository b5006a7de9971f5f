using StellarPay.Grains.Platform.Sponsors;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>How many transactions to merchants were made on a day (UTC), for whose fees the platform pays.</summary>
/// <param name="Day">Its beginning.</param>
/// <param name="All">How many.</param>
/// <param name="Little">How many of them for less than payers send: half of what there is, so that strangers leave payers theirs.</param>
[GenerateSerializer, Immutable, Alias("sp.SweepDay")]
internal sealed record SweepDay([property: Id(0)] DateTimeOffset Day, [property: Id(1)] int All, [property: Id(2)] int Little)
{
    private const int LittleShare = 2;

    /// <summary>Why there can be no more on this day, or null.</summary>
    /// <param name="last">The last day on which there were some; null for none.</param>
    /// <param name="isLittle">Whether it is for less than payers send.</param>
    /// <param name="most">How many there may be in a day.</param>
    /// <param name="now">The moment.</param>
    public static Error? Refusal(SweepDay? last, bool isLittle, int most, DateTimeOffset now)
    {
        var day = Of(last, now);
        var forLittle = most / LittleShare;
        // The two are counted apart: many may be asked about at once before any is counted, and what strangers have too much by that is not
        // missing of what payers have.
        var isLeft = isLittle
            ? day.Little < forLittle && day.All < most
            : day.All - day.Little < most - forLittle || day.All < most;
        return isLeft
            ? null
            : new Error(ErrorKind.RateLimited, "payment_address_sweeps_used",
                "What came to sessions' own addresses goes on to the merchant tomorrow: so many transactions a day are paid for.",
                RetryAfter: OpeningBudget.NextDay(now) - now);
    }

    /// <summary>One more.</summary>
    public static SweepDay Count(SweepDay? last, bool isLittle, DateTimeOffset now)
    {
        var day = Of(last, now);
        return day with { All = day.All + 1, Little = day.Little + (isLittle ? 1 : 0) };
    }

    private static SweepDay Of(SweepDay? last, DateTimeOffset now)
    {
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        return last?.Day == day ? last : new SweepDay(day, 0, 0);
    }
}
