namespace StellarPay.Grains.Payments;

/// <summary>Where a payment stands. What may follow what is in the transition table of the grains.</summary>
[GenerateSerializer, Alias("sp.PaymentStatus")]
public enum PaymentStatus
{
    /// <summary>Quoted; its amount and limits are reserved until it expires.</summary>
    Pending,

    /// <summary>Confirmed; waits for the wallet's payment before it.</summary>
    Queued,

    /// <summary>Signed, and the envelope stored; the ledger has not decided.</summary>
    Signed,

    /// <summary>On the ledger. Terminal.</summary>
    Succeeded,

    /// <summary>Not on the ledger, and never will be. Terminal.</summary>
    Failed,

    /// <summary>Not confirmed in time. Terminal.</summary>
    Expired,

    /// <summary>Cancelled by its owner before it was signed. Terminal.</summary>
    Cancelled,
}
