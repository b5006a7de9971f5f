namespace StellarPay.Grains.Faults;

/// <summary>The names of the fault points, in the order in which a wallet passes them.</summary>
public static class FaultPoint
{
    /// <summary>A new account's transaction is signed by both and stored; not yet submitted.</summary>
    public const string OpeningSigned = "wallet.opening.signed";

    /// <summary>A payment is signed, and about to be stored.</summary>
    public const string PaymentPersisting = "payment.persisting";

    /// <summary>A payment is signed and stored; not yet submitted.</summary>
    public const string PaymentSigned = "payment.signed";

    /// <summary>The network has answered a submission; the wallet does not know yet.</summary>
    public const string PaymentSubmitted = "payment.submitted";

    /// <summary>The ledger's operation has reached the wallet, and is about to be stored.</summary>
    public const string PaymentSettling = "payment.settling";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [OpeningSigned, PaymentPersisting, PaymentSigned, PaymentSubmitted, PaymentSettling];
}
