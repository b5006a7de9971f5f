namespace StellarPay.Grains.Events;

/// <summary>
/// The data of wallet events: the wallet whole, as its owner sees it. Amounts are decimal strings; property names in
/// stored JSON are camelCase and a contract.
/// </summary>
/// <param name="WalletId">The wallet.</param>
/// <param name="Address">Its account's address.</param>
/// <param name="Status"><c>opening</c> or <c>active</c>.</param>
/// <param name="Balances">Each asset it can hold.</param>
/// <param name="Revision">The wallet's revision after the change.</param>
public sealed record WalletEventData(
    string WalletId, string Address, string Status, IReadOnlyList<BalanceEventData> Balances, long Revision);

/// <summary>One asset of a wallet.</summary>
/// <param name="Asset">The canonical form.</param>
/// <param name="Balance">A decimal string.</param>
/// <param name="Reserved">A decimal string.</param>
/// <param name="Spendable">A decimal string.</param>
public sealed record BalanceEventData(string Asset, string Balance, string Reserved, string Spendable);

/// <summary>Something that the ledger moved into a wallet.</summary>
/// <param name="WalletId">The wallet.</param>
/// <param name="OperationId">The operation's paging token, as a string.</param>
/// <param name="TransactionHash">Lower-case hex.</param>
/// <param name="From">The payer's address, or null.</param>
/// <param name="Asset">The canonical form.</param>
/// <param name="Amount">A decimal string.</param>
/// <param name="Memo">The memo as text, or null.</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="ClosedAt">When the ledger closed, in UTC.</param>
/// <param name="Revision">The wallet's revision after the change.</param>
public sealed record CreditEventData(
    string WalletId, string OperationId, string TransactionHash, string? From, string Asset, string Amount, string? Memo,
    long Ledger, DateTimeOffset ClosedAt, long Revision);

/// <summary>A payment, whole, after the change.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="WalletId">The wallet that pays.</param>
/// <param name="Status">The status in snake_case.</param>
/// <param name="Recipient">How the payer named the recipient.</param>
/// <param name="Destination">The account that is paid.</param>
/// <param name="Asset">The canonical form.</param>
/// <param name="Amount">A decimal string.</param>
/// <param name="Memo">The memo, or null.</param>
/// <param name="CreatedAt">When it was quoted, in UTC.</param>
/// <param name="ExpiresAt">When the quote ends, in UTC.</param>
/// <param name="CompletedAt">When it became terminal, in UTC, or null.</param>
/// <param name="TransactionHash">Lower-case hex, from signing on.</param>
/// <param name="Ledger">The ledger that holds it, or null.</param>
/// <param name="FailureCode">Why it failed, or null.</param>
/// <param name="Revision">The wallet's revision after the change.</param>
public sealed record PaymentEventData(
    string PaymentId, string WalletId, string Status, string Recipient, string Destination, string Asset, string Amount,
    string? Memo, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? CompletedAt, string? TransactionHash,
    long? Ledger, string? FailureCode, long Revision);
