namespace StellarPay.Grains.Invitations;

/// <summary>Where an invitation stands. What may follow what is in a table of the grains.</summary>
[GenerateSerializer, Alias("sp.InvitationStatus")]
public enum InvitationStatus
{
    /// <summary>The amount is reserved; nobody has confirmed the name.</summary>
    Open,

    /// <summary>The name was confirmed in time: the amount is its owner's, and is about to be paid.</summary>
    Due,

    /// <summary>Its payment is under way.</summary>
    Paying,

    /// <summary>Its payment is on the ledger.</summary>
    Paid,

    /// <summary>It could not be paid; the amount is the sender's again.</summary>
    Failed,

    /// <summary>Nobody confirmed the name in time; the amount is the sender's again.</summary>
    Expired,

    /// <summary>The sender took it back.</summary>
    Cancelled,
}
