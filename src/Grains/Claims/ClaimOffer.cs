namespace StellarPay.Grains.Claims;

/// <summary>What became of a balance that a wallet was to remember.</summary>
internal enum ClaimOffer
{
    /// <summary>It is not worth it, or remembered already.</summary>
    Nothing,

    /// <summary>It is remembered.</summary>
    Remembered,

    /// <summary>It is remembered, and one that cannot be claimed for long is not any more.</summary>
    Displaced,

    /// <summary>There is no room for it.</summary>
    Full,
}
