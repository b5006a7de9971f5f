namespace StellarPay.Adapters.Postgres.Payments;

/// <summary>One line of a wallet's history.</summary>
/// <param name="Id">The payment's id (<c>txn_…</c>), or <c>op_…</c> with the operation's paging token for what came in.</param>
/// <param name="Direction"><c>out</c> or <c>in</c>.</param>
/// <param name="Status">The payment's status in snake_case.</param>
/// <param name="Counterparty">How the payer named the recipient, or the payer's address; null where the ledger names none.</param>
/// <param name="CounterpartyAddress">The other account's address, or null.</param>
/// <param name="Asset">The canonical form.</param>
/// <param name="AmountStroops">How many ten-millionths of a unit.</param>
/// <param name="Memo">The memo, or null.</param>
/// <param name="TransactionHash">Lower-case hex, or null before signing.</param>
/// <param name="Ledger">The ledger that holds it, or null.</param>
/// <param name="FailureCode">Why it failed, or null.</param>
/// <param name="CreatedAt">When it was quoted, or when the ledger that brought it closed.</param>
/// <param name="CompletedAt">When it became terminal, or null.</param>
/// <param name="Path">The payer's side, where it spent another asset; else null.</param>
/// <param name="Claim">Its claimable balance, where it made one; else null.</param>
/// <param name="MemoType">What the memo is: <c>text</c>, <c>id</c>, <c>hash</c> or <c>return</c>; null without one.</param>
/// <param name="FeeStroops">What it cost its payer besides, in ten-millionths of a unit of what left the wallet.</param>
public sealed record HistoryEntry(
    string Id,
    string Direction,
    string Status,
    string? Counterparty,
    string? CounterpartyAddress,
    string Asset,
    long AmountStroops,
    string? Memo,
    string? TransactionHash,
    long? Ledger,
    string? FailureCode,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt,
    HistoryPath? Path = null,
    HistoryClaim? Claim = null,
    string? MemoType = null,
    long FeeStroops = 0)
{
    /// <summary>The place of this entry: a page before it goes on from here.</summary>
    public HistoryCursor Cursor => new(CreatedAt, Id);
}
