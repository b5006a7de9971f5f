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

    /// <summary>A wallet's state, whatever changed in it, is about to be stored with its events.</summary>
    public const string WalletSaving = "wallet.saving";

    /// <summary>A wallet's state is stored with its events; nobody was told.</summary>
    public const string WalletSaved = "wallet.saved";

    /// <summary>A payment is about to be signed.</summary>
    public const string PaymentSigning = "payment.signing";

    /// <summary>A payment is signed, and about to be stored.</summary>
    public const string PaymentPersisting = "payment.persisting";

    /// <summary>A payment is signed and stored; not yet submitted.</summary>
    public const string PaymentSigned = "payment.signed";

    /// <summary>A payment is confirmed and stored, and its transaction perhaps under way; the caller has no answer.</summary>
    public const string PaymentReplying = "payment.replying";

    /// <summary>The network has answered a submission; the wallet does not know yet.</summary>
    public const string PaymentSubmitted = "payment.submitted";

    /// <summary>The ledger's operation has reached the wallet, and is about to be stored.</summary>
    public const string PaymentSettling = "payment.settling";

    /// <summary>The transaction that hands a suspended deposit on is signed and stored; not yet submitted.</summary>
    public const string SuspenseSigned = "suspense.signed";

    /// <summary>The network has answered such a transaction; the suspense account does not know yet.</summary>
    public const string SuspenseAnswered = "suspense.answered";

    /// <summary>The transaction that tops a platform account up is signed and stored; not yet submitted.</summary>
    public const string TreasurySigned = "treasury.signed";

    /// <summary>The network has answered a top-up; the treasury does not know yet.</summary>
    public const string TreasuryAnswered = "treasury.answered";

    /// <summary>The transaction that writes the audit log's head is signed and stored; not yet submitted.</summary>
    public const string NotarySigned = "notary.signed";

    /// <summary>The network has answered such a transaction; the notary does not know yet.</summary>
    public const string NotaryAnswered = "notary.answered";

    /// <summary>A wallet's next key is stored; nothing is signed.</summary>
    public const string KeyStored = "wallet.key.stored";

    /// <summary>The transaction that replaces a wallet's key is stored; not yet submitted.</summary>
    public const string KeySigned = "wallet.key.signed";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        OpeningPersisting, OpeningSigned, OpeningDecided, WalletSaving, WalletSaved, PaymentSigning, PaymentPersisting, PaymentSigned,
        PaymentReplying, PaymentSubmitted, PaymentSettling, SuspenseSigned, SuspenseAnswered, TreasurySigned,
        TreasuryAnswered, NotarySigned, NotaryAnswered, KeyStored, KeySigned,
    ];
}
