namespace StellarPay.Grains.Payments;

/// <summary>Where the claimable balance of a payment stands. What may follow what is in a table of the grains.</summary>
[GenerateSerializer, Alias("sp.ClaimStatus")]
public enum ClaimStatus
{
    /// <summary>It waits on the ledger for its recipient.</summary>
    Open,

    /// <summary>Its recipient has it.</summary>
    Claimed,

    /// <summary>Its sender wants it back, and the ledger has not decided.</summary>
    Reclaiming,

    /// <summary>Its sender has it back.</summary>
    Reclaimed,

    /// <summary>The asset's issuer took it back.</summary>
    ClawedBack,
}

/// <summary>The claimable balance of a payment, as the payer sees it.</summary>
/// <param name="ReclaimableAfter">From when on, by the network's clock, the payer can have it back.</param>
/// <param name="BalanceId">Its id on the network; null before it is on the ledger.</param>
/// <param name="Status">Where it stands; null before it is on the ledger.</param>
[GenerateSerializer, Immutable, Alias("sp.ClaimableView")]
public sealed record ClaimableView(
    [property: Id(0)] DateTimeOffset ReclaimableAfter,
    [property: Id(1)] string? BalanceId,
    [property: Id(2)] ClaimStatus? Status);
