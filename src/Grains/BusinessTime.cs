namespace StellarPay.Grains;

/// <summary>
/// The key of the <see cref="TimeProvider"/> by which business is done (due dates, expiry, limit windows), apart from
/// the one that the actor runtime and back-off use, so that moving one cannot stall the other (design.md §3).
/// </summary>
public static class BusinessTime
{
    /// <summary>The service key.</summary>
    public const string Key = "business";
}
