using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;

namespace StellarPay.Grains.Payments;

/// <summary>What a payer asks for.</summary>
/// <param name="Destination">The account to pay: <c>G…</c>, or <c>M…</c> for a numbered account inside one (SEP-23).</param>
/// <param name="Recipient">How the payer named the recipient (e-mail, phone or address), shown back to the payer.</param>
/// <param name="Asset">The asset, as its canonical form or its bare code.</param>
/// <param name="Amount">What the recipient gets: a decimal string, at most seven places, more than zero; empty with <paramref name="SourceAmount"/>.</param>
/// <param name="Memo">A text memo of at most 28 bytes in UTF-8, or as <paramref name="Facts"/> say; or null.</param>
/// <param name="IdempotencyKey">1 to 255 characters, or null. The same key with the same request returns the same payment.</param>
/// <param name="ConfirmsAtOnce">Whether the request that asks for the quote confirms it too: part of what a key stands for.</param>
/// <param name="SourceAsset">The asset that the payer spends, where that is another; null for the same.</param>
/// <param name="SourceAmount">Exactly what the payer spends of it, instead of <paramref name="Amount"/>; or null.</param>
/// <param name="MaxSlippageBps">How much worse the price may become, 0 to 1000 hundredths of a percent; null for 100.</param>
/// <param name="Facts">What is known of the recipient; null for nothing.</param>
/// <param name="Claimable">Whether a recipient who cannot receive it yet may get it as a claimable balance.</param>
/// <param name="ReclaimAfterDays">After how many days, 1 to 365, the payer can have that back; 30 where it is null.</param>
/// <param name="Proof">What stands for it that the payer asks; no part of what a key stands for.</param>
/// <param name="PaysRest">
/// Whether <paramref name="Amount"/> is what was left of a payment session when this was asked; then it is no part of what a key stands for.
/// </param>
[GenerateSerializer, Immutable, Alias("sp.QuoteRequest")]
public sealed record QuoteRequest(
    [property: Id(0)] string Destination,
    [property: Id(1)] string Recipient,
    [property: Id(2)] string Asset,
    [property: Id(3)] string Amount,
    [property: Id(4)] string? Memo = null,
    [property: Id(5)] string? IdempotencyKey = null,
    [property: Id(6)] bool ConfirmsAtOnce = false,
    [property: Id(20)] string? SourceAsset = null,
    [property: Id(21)] string? SourceAmount = null,
    [property: Id(22)] int? MaxSlippageBps = null,
    [property: Id(30)] RecipientFacts? Facts = null,
    [property: Id(40)] bool Claimable = false,
    [property: Id(41)] int? ReclaimAfterDays = null,
    [property: Id(50)] PayerProof Proof = PayerProof.Session,
    [property: Id(60)] bool PaysRest = false);

/// <summary>A payment as its payer sees it.</summary>
/// <param name="Id">The payment's id.</param>
/// <param name="Wallet">The wallet that pays.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Recipient">How the payer named the recipient.</param>
/// <param name="Destination">The account that is paid.</param>
/// <param name="Amount">What is paid.</param>
/// <param name="FeeStroops">What the payer is charged for it, in stroops of what leaves the wallet: 0 while the day's free operations last.</param>
/// <param name="Memo">The text memo, or null.</param>
/// <param name="CreatedAt">When it was quoted.</param>
/// <param name="ExpiresAt">When the quote ends unless it is confirmed.</param>
/// <param name="CompletedAt">When it became terminal, or null.</param>
/// <param name="TransactionHash">The hash (lower-case hex) of the transaction as submitted, from signing on.</param>
/// <param name="Ledger">The ledger that holds it, or null.</param>
/// <param name="FailureCode">Why it failed (<c>op_underfunded</c>, <c>tx_too_late</c> …), or null.</param>
/// <param name="Path">The payer's side, where it spends another asset; else null.</param>
/// <param name="Facts">What was known of the recipient when it was quoted; null for nothing.</param>
/// <param name="Claimable">What there is to say of its claimable balance; null where it makes none.</param>
/// <param name="Wait">What it waits for before it can be made; null for most.</param>
/// <param name="NeedsStepUp">Whether its payer has to show a second factor to confirm it now; null but in the answer to a quote.</param>
[GenerateSerializer, Immutable, Alias("sp.PaymentView")]
public sealed record PaymentView(
    [property: Id(0)] PaymentId Id,
    [property: Id(1)] WalletId Wallet,
    [property: Id(2)] PaymentStatus Status,
    [property: Id(3)] string Recipient,
    [property: Id(4)] string Destination,
    [property: Id(5)] Amount Amount,
    [property: Id(6)] long FeeStroops,
    [property: Id(7)] string? Memo,
    [property: Id(8)] DateTimeOffset CreatedAt,
    [property: Id(9)] DateTimeOffset ExpiresAt,
    [property: Id(10)] DateTimeOffset? CompletedAt,
    [property: Id(11)] string? TransactionHash,
    [property: Id(12)] long? Ledger,
    [property: Id(13)] string? FailureCode,
    [property: Id(20)] PathView? Path = null,
    [property: Id(30)] RecipientFacts? Facts = null,
    [property: Id(40)] ClaimableView? Claimable = null,
    [property: Id(50)] PaymentWait? Wait = null,
    [property: Id(60)] bool? NeedsStepUp = null);
