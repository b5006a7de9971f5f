namespace StellarPay.Grains.Compliance;

/// <summary>That a wallet is frozen, as it is stored.</summary>
/// <param name="At">Since when, by business time.</param>
/// <param name="By">The administrator's id.</param>
/// <param name="Reason">Why; not for the owner's eyes.</param>
[GenerateSerializer, Immutable, Alias("sp.FreezeRecord")]
internal sealed record FreezeRecord(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string By,
    [property: Id(2)] string Reason);
