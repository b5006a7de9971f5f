namespace StellarPay.Grains.Faults;

/// <summary>The names of the fault points, in the order in which a wallet passes them.</summary>
public static class FaultPoint
{
    /// <summary>The new accounts have signed the transaction that opens them; the sponsor has not, and nothing is stored.</summary>
    public const string OpeningPersisting = "wallet.opening.persisting";

    /// <summary>The transaction that opens accounts is signed by all and stored; not yet submitted.</summary>
    public const string OpeningSigned = "wallet.opening.signed";

    /// <summary>The ledger has decided the transaction that opens accounts; the sponsor has not stored it.</summary>
    public const string OpeningDecided = "wallet.opening.decided";

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
        [OpeningPersisting, OpeningSigned, OpeningDecided, PaymentPersisting, PaymentSigned, PaymentSubmitted, PaymentSettling];
}
