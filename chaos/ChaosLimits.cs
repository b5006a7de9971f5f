namespace StellarPay.Chaos;

/// <summary>The limits that the system under test is given, so small that the run meets them.</summary>
internal static class ChaosLimits
{
    /// <summary>The most that one payment may move, in units of its asset.</summary>
    public const int MostUnitsAPayment = 350;

    /// <summary>The most that a wallet's payments may move in a day, in units of an asset.</summary>
    public const int MostUnitsADay = 700;
}
