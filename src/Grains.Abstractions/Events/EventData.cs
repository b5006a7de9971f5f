using System.Text.Json.Serialization;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Events;

/// <summary>
/// The data of wallet events: the wallet whole, as its owner sees it. Amounts are decimal strings; property names in
/// stored JSON are camelCase and a contract.
/// </summary>
/// <param name="WalletId">The wallet.</param>
/// <param name="Address">Its account's address; null while it is unopened.</param>
/// <param name="Status"><c>unopened</c>, <c>opening</c>, <c>active</c>, <c>frozen</c>, <c>closing</c> or <c>closed</c>.</param>
/// <param name="Balances">Each asset it can hold.</param>
/// <param name="Revision">The wallet's revision after the change.</param>
public sealed record WalletEventData(
    string WalletId, string? Address, string Status, IReadOnlyList<BalanceEventData> Balances, long Revision);

/// <summary>One asset of a wallet.</summary>
/// <param name="Asset">The canonical form.</param>
/// <param name="Balance">A decimal string.</param>
/// <param name="Reserved">A decimal string.</param>
/// <param name="Spendable">A decimal string.</param>
/// <param name="Frozen">Whether the issuer lets nothing of it be sent or received at the moment.</param>
public sealed record BalanceEventData(string Asset, string Balance, string Reserved, string Spendable, bool Frozen = false);

/// <summary>Something that the ledger moved into a wallet.</summary>
/// <param name="WalletId">The wallet.</param>
/// <param name="OperationId">
/// The operation's paging token, as a string; with <c>-2</c> and so on behind it for what came by the same operation after the first.
/// </param>
/// <param name="TransactionHash">Lower-case hex.</param>
/// <param name="From">The payer's address, or null.</param>
/// <param name="Asset">The canonical form.</param>
/// <param name="Amount">A decimal string.</param>
/// <param name="Memo">The memo as text, or null.</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="ClosedAt">When the ledger closed, in UTC.</param>
/// <param name="Revision">The wallet's revision after the change.</param>
/// <param name="MemoType"><c>text</c>, <c>id</c>, <c>hash</c> or <c>return</c>; null without a memo.</param>
/// <param name="Credits">
/// Of how many credits this is the sum, where they were too small to be told one by one: it names the last one's operation, and no
/// sender. Else left out.
/// </param>
/// <param name="Wallet">The wallet after all that was written with this, in the last such event; else left out.</param>
/// <param name="FromMuxed">The payer's <c>M…</c> address, where one was used (SEP-23); else left out.</param>
public sealed record CreditEventData(
    string WalletId, string OperationId, string TransactionHash, string? From, string Asset, string Amount, string? Memo,
    long Ledger, DateTimeOffset ClosedAt, long Revision, string? MemoType = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Credits = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] WalletEventData? Wallet = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FromMuxed = null);

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
/// <param name="Submission">The transaction that carries it, in events about that; else left out.</param>
/// <param name="Path">The payer's side, where it spends another asset; else left out.</param>
/// <param name="Facts">What was known of the recipient when it was quoted; else left out.</param>
/// <param name="Claim">What there is to say of its claimable balance; left out where it makes none.</param>
/// <param name="Wallet">
/// The wallet after all that was written with this, in the last such event, where its balances changed; else left out.
/// </param>
/// <param name="Wait">What it waits for before it can be made; else left out.</param>
/// <param name="Fee">What it costs its payer besides, a decimal string of what leaves the wallet; left out where it costs nothing.</param>
public sealed record PaymentEventData(
    string PaymentId, string WalletId, string Status, string Recipient, string Destination, string Asset, string Amount,
    string? Memo, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? CompletedAt, string? TransactionHash,
    long? Ledger, string? FailureCode, long Revision,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SubmissionEventData? Submission = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PathEventData? Path = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RecipientFacts? Facts = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ClaimEventData? Claim = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] WalletEventData? Wallet = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PaymentWait? Wait = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Fee = null);

/// <summary>A payment's claimable balance. What is not known yet is left out.</summary>
/// <param name="ReclaimableAfter">From when on, by the network's clock, the payer can have it back.</param>
/// <param name="BalanceId">Its id on the network.</param>
/// <param name="Status">Where it stands, in snake_case.</param>
/// <param name="Code">Why the payer did not get it back, in the event that says so.</param>
public sealed record ClaimEventData(
    DateTimeOffset ReclaimableAfter,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? BalanceId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Status = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code = null);

/// <summary>The transaction that carries a payment. What an event says nothing about is left out.</summary>
/// <param name="InnerHash">The hash of what is inside each fee-bump, lower-case hex.</param>
/// <param name="Operation">Which of the transaction's operations the payment is, from 0.</param>
/// <param name="SequenceNumber">The sequence number that it uses, as a string.</param>
/// <param name="ValidUntil">The last moment, by the network's clock, at which a ledger may apply it.</param>
/// <param name="Fee">The most that the platform pays for the whole transaction, a decimal string of XLM.</param>
/// <param name="OperationId">The paging token of the ledger's operation, as a string.</param>
/// <param name="Code">Why this transaction can never be applied, though the payment goes on in another.</param>
/// <param name="Ledger">The ledger that holds its failure.</param>
/// <param name="Attempts">The submissions so far: the first ones and the latest.</param>
public sealed record SubmissionEventData(
    string InnerHash,
    int Operation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SequenceNumber = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ValidUntil = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Fee = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? OperationId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Ledger = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<AttemptEventData>? Attempts = null);

/// <summary>A submission and the network's answer.</summary>
/// <param name="At">When the answer came, in UTC.</param>
/// <param name="Hash">The hash of what was submitted, lower-case hex.</param>
/// <param name="Outcome">What the answer means, in snake_case.</param>
/// <param name="Code">Stellar's own result code, where there was one.</param>
public sealed record AttemptEventData(
    DateTimeOffset At,
    string Hash,
    string Outcome,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code = null);
