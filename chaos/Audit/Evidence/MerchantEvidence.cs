using StellarPay.Chaos.Clients.Shops;

namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>What a merchant is shown at the end, and what its server was sent.</summary>
/// <param name="Id">The merchant.</param>
/// <param name="Address">Its account.</param>
/// <param name="Endpoint">Its webhook endpoint.</param>
/// <param name="Balances">What it has of each asset, by the asset's code.</param>
/// <param name="Sessions">Its payment sessions.</param>
/// <param name="Refunds">Its refunds.</param>
/// <param name="Receipts">What came and names nobody.</param>
/// <param name="Calls">What its server was sent.</param>
internal sealed record MerchantEvidence(
    string Id,
    string Address,
    string Endpoint,
    IReadOnlyDictionary<string, ShownParts> Balances,
    IReadOnlyList<ShownSession> Sessions,
    IReadOnlyList<ShownRefund> Refunds,
    IReadOnlyList<ShownReceipt> Receipts,
    IReadOnlyCollection<ReceivedCall> Calls);

/// <summary>What a merchant has of an asset, in stroops.</summary>
internal sealed record ShownParts(long OnLedger, long Available, long Pending, long Held, long Fees, long Unallocated, long Refunds);

/// <summary>A payment session as its merchant is shown it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Its status.</param>
/// <param name="Dues">What it asks for, in stroops by the asset's code.</param>
/// <param name="Payments">What came for it.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="TestClock">The test clock that it lives by, or null.</param>
/// <param name="AcceptedAs">The session that was made of its late payment, or null.</param>
/// <param name="RecoveredFrom">The session of whose late payment it was made, or null.</param>
internal sealed record ShownSession(
    string Id,
    string Status,
    IReadOnlyDictionary<string, long> Dues,
    IReadOnlyList<ShownSessionPayment> Payments,
    DateTimeOffset ExpiresAt,
    string? TestClock,
    string? AcceptedAs,
    string? RecoveredFrom)
{
    /// <summary>Whether it says that a wallet here has signed what completes it.</summary>
    public bool IsProcessing { get; init; }
}

/// <summary>Something that came for a session; the asset is a code.</summary>
internal sealed record ShownSessionPayment(
    string Operation, string Hash, string? From, Money Amount, long Counted, long Refunded, string Verdict)
{
    /// <summary>Whether it came to the session's own address: hash and sender are those of what came there.</summary>
    public bool AtOwnAddress { get; init; }

    /// <summary>The operation's id on the ledger.</summary>
    public string LedgerId => Operation.Split('-')[0];
}

/// <summary>A refund as its merchant is shown it; the assets are codes.</summary>
internal sealed record ShownRefund(string Id, string Session, string Status, string? PendingReason, IReadOnlyList<ShownLeg> Legs);

/// <summary>What one payer gets back.</summary>
internal sealed record ShownLeg(string Payment, string To, Money Amount, string Status, string? Hash);

/// <summary>Something that came to a merchant's address and names nobody; the asset is a code.</summary>
internal sealed record ShownReceipt(
    string Id, string Status, string? Operation, string? Hash, string? From, Money Amount, string? Session, string? RefundHash)
{
    /// <summary>The operation's id on the ledger, or null of dust.</summary>
    public string? LedgerId => Operation?.Split('-')[0];
}
