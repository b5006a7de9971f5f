namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>The network as its Horizon shows it, at rest.</summary>
/// <param name="Operations">Every operation that is on the ledger, failed ones too, oldest first.</param>
/// <param name="Accounts">Every account.</param>
/// <param name="Claimable">What claimable balances hold, in stroops by asset.</param>
/// <param name="TotalCoins">All XLM that there is, in stroops.</param>
/// <param name="FeePool">The XLM that fees took, in stroops.</param>
/// <param name="LatestClosedAt">When the latest ledger closed.</param>
internal sealed record LedgerEvidence(
    IReadOnlyList<LedgerOperation> Operations,
    IReadOnlyDictionary<string, LedgerAccount> Accounts,
    IReadOnlyDictionary<string, long> Claimable,
    long TotalCoins,
    long FeePool,
    DateTimeOffset LatestClosedAt)
{
    /// <summary>The claimable balances that wait, by their ids.</summary>
    public IReadOnlyDictionary<string, WaitingBalance> Waiting { get; init; } =
        new Dictionary<string, WaitingBalance>(StringComparer.Ordinal);
}

/// <summary>A claimable balance that waits on the ledger.</summary>
/// <param name="Amount">What it holds.</param>
/// <param name="Claimants">Who may claim it at some time.</param>
internal sealed record WaitingBalance(Money Amount, IReadOnlyList<string> Claimants);

/// <summary>An operation on the ledger, with what the audit needs of its transaction.</summary>
/// <param name="Id">Horizon's id.</param>
/// <param name="TransactionHash">The hash of the transaction as it was submitted.</param>
/// <param name="InnerHash">The hash of the transaction inside a fee bump, or null.</param>
/// <param name="Successful">Whether it was applied.</param>
/// <param name="Type">Horizon's name of its type.</param>
/// <param name="From">Whom it took from, or null if it moves nothing.</param>
/// <param name="To">Whom it gave to, or null.</param>
/// <param name="Sent">What it took.</param>
/// <param name="Received">What it gave.</param>
/// <param name="Memo">The transaction's memo of text, or null.</param>
/// <param name="Ledger">The ledger's sequence.</param>
internal sealed record LedgerOperation(
    string Id,
    string TransactionHash,
    string? InnerHash,
    bool Successful,
    string Type,
    string? From,
    string? To,
    Money Sent,
    Money Received,
    string? Memo,
    long Ledger)
{
    public const string SetAside = "create_claimable_balance";
    public const string Claimed = "claim_claimable_balance";

    /// <summary>The claimable balance that it makes or ends, or null.</summary>
    public string? BalanceId { get; init; }

    /// <summary>Who may claim the balance that it makes.</summary>
    public IReadOnlyList<string> Claimants { get; init; } = [];
}

/// <summary>An account on the ledger.</summary>
/// <param name="Address">The account.</param>
/// <param name="Sequence">The sequence number that it used last.</param>
/// <param name="Balances">Stroops by asset.</param>
internal sealed record LedgerAccount(string Address, long Sequence, IReadOnlyDictionary<string, long> Balances)
{
    /// <summary>The weight of each key that may sign for it.</summary>
    public IReadOnlyDictionary<string, int> Signers { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);
}
