namespace StellarPay.Grains.PaymentAddresses;

/// <summary>Where an account of a session's own stands.</summary>
[GenerateSerializer, Alias("sp.PaymentAddressStatus")]
public enum PaymentAddressStatus
{
    /// <summary>It is being opened on the ledger, and nobody is told its address.</summary>
    Opening,

    /// <summary>It can be paid.</summary>
    Open,

    /// <summary>It was given up. What comes there all the same, by whoever creates it again, still goes to the merchant.</summary>
    Closed,
}

/// <summary>An account of a session's own that is to be opened.</summary>
/// <param name="Merchant">The session's merchant, <c>mer_…</c>.</param>
/// <param name="PaysTo">The merchant's address, the only one that it ever pays.</param>
/// <param name="Enough">In which assets, in canonical form, and with how much of each, in stroops, the session is paid.</param>
/// <param name="ExpiresAt">When the session's time is over.</param>
/// <param name="Left">How much of each is missing still, where some came elsewhere; null for all.</param>
/// <param name="IsForAnybody">Whether any stranger could have the session made.</param>
[GenerateSerializer, Immutable, Alias("sp.NewPaymentAddress")]
public sealed record NewPaymentAddress(
    [property: Id(0)] string Merchant,
    [property: Id(1)] string PaysTo,
    [property: Id(2)] Dictionary<string, long> Enough,
    [property: Id(3)] DateTimeOffset ExpiresAt,
    [property: Id(4)] Dictionary<string, long>? Left = null,
    [property: Id(5)] bool IsForAnybody = false);

/// <summary>What a session knows of an account of its own.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Awaits">Whether something came there that is worth a transaction and is not the merchant's yet, or is on its way.</param>
/// <param name="IsRead">Whether all that came there up to the session's end is with the merchant, and judged once the session reads it.</param>
/// <param name="IsHeldUp">Whether something is there that the merchant could not take: nobody is to send more of it.</param>
[GenerateSerializer, Immutable, Alias("sp.SessionAddress")]
public sealed record SessionAddress(
    [property: Id(0)] string Address,
    [property: Id(1)] PaymentAddressStatus Status,
    [property: Id(2)] bool Awaits = false,
    [property: Id(3)] bool IsRead = false,
    [property: Id(4)] bool IsHeldUp = false);
