namespace StellarPay.Grains.Payments;

/// <summary>Which kind a payment is (<see cref="PaymentKinds"/>); several may be made by one operation. Stored: members are never renamed.</summary>
[GenerateSerializer, Alias("sp.PaymentMethod")]
internal enum PaymentMethod
{
    /// <summary>The recipient gets what the payer sends.</summary>
    Payment,

    /// <summary>The recipient gets an exact amount; what it costs in another asset is bounded.</summary>
    PathStrictReceive,

    /// <summary>The payer sends an exact amount; what the recipient gets in another asset is bounded.</summary>
    PathStrictSend,

    /// <summary>The amount waits on the ledger for the recipient to claim it.</summary>
    ClaimableBalance,
}
