namespace StellarPay.Chaos;

/// <summary>
/// The limits of new users and the prices that the system under test is given, in US dollars: so small that the run meets
/// them, and growing with its length so that payments go on to its end.
/// </summary>
internal sealed record ChaosLimits(int Payment, int Daily, int Monthly)
{
    /// <summary>How long after the latest ledger a payment may be applied: as short as can be, so that some are too late.</summary>
    public const int PaymentValidSeconds = 30;

    private const int MostAPayment = 150;
    private const int DailyAtFirst = 200;
    private const double DailyAMinute = 150;

    /// <summary>The price of a unit of each asset, by its code.</summary>
    public static IReadOnlyDictionary<string, decimal> Prices { get; } =
        new Dictionary<string, decimal>(StringComparer.Ordinal) { ["USDC"] = 1m, ["XLM"] = 0.1m };

    public static ChaosLimits For(TimeSpan duration)
    {
        var daily = DailyAtFirst + (int)(Math.Max(0, duration.TotalMinutes - 1) * DailyAMinute);
        return new ChaosLimits(MostAPayment, daily, daily + DailyAtFirst);
    }
}
