using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Frontdoor.Payments;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>One line of a wallet's history.</summary>
/// <param name="Object">Always <c>transaction</c>.</param>
/// <param name="Id">The payment's id for what went out, <c>op_…</c> for what came in.</param>
/// <param name="Direction"><c>out</c> or <c>in</c>.</param>
/// <param name="Status">As a payment's; what came in has <c>succeeded</c>.</param>
/// <param name="Counterparty">How the payer named the recipient, or the payer's address; or null.</param>
/// <param name="CounterpartyAddress">The other account, or null.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="Amount">A decimal string.</param>
/// <param name="Fee">What it cost its payer besides, of what left his wallet, a decimal string.</param>
/// <param name="Memo">The memo, or null.</param>
/// <param name="MemoType">The memo's kind: text, id, or hash or return (base64); null without a memo.</param>
/// <param name="TransactionHash">The hash on the network, or null before it is signed.</param>
/// <param name="Ledger">The ledger that holds it, or null.</param>
/// <param name="FailureCode">Why it failed, or null.</param>
/// <param name="CreatedAt">When it was quoted, or came in.</param>
/// <param name="CompletedAt">When it became final, or null.</param>
/// <param name="SourceAsset">The code of the asset that the payer spends, where that is another; else null, as all that follows.</param>
/// <param name="SourceIssuer">The account that issues it; null for XLM.</param>
/// <param name="SourceAmount">What the payer spends of it by the quote, a decimal string.</param>
/// <param name="Rate">What arrives for one of what is spent, by the quote.</param>
/// <param name="SourcePaid">What left the wallet by the ledger's word; null until then.</param>
/// <param name="AmountReceived">What the recipient got by the ledger's word; null until then.</param>
/// <param name="Method">payment, path_payment or claimable_balance.</param>
/// <param name="ReclaimableAfter">From when on the payer can have it back; null but for a claimable balance, as all that follows.</param>
/// <param name="BalanceId">Its id on the network.</param>
/// <param name="ClaimStatus">open, claimed, reclaiming, reclaimed or clawed_back.</param>
internal sealed record TransactionJson(
    string Object,
    string Id,
    string Direction,
    string Status,
    string? Counterparty,
    string? CounterpartyAddress,
    string Asset,
    string? Issuer,
    string Amount,
    string Fee,
    string? Memo,
    string? MemoType,
    string? TransactionHash,
    long? Ledger,
    string? FailureCode,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt,
    string? SourceAsset,
    string? SourceIssuer,
    string? SourceAmount,
    string? Rate,
    string? SourcePaid,
    string? AmountReceived,
    string Method,
    DateTimeOffset? ReclaimableAfter,
    string? BalanceId,
    string? ClaimStatus)
{
    public static TransactionJson Of(HistoryEntry entry)
    {
        var asset = Grains.Money.Asset.Parse(entry.Asset);
        var side = PayerSide.Of(entry.Path, entry.AmountStroops);
        var claim = ClaimSide.Of(entry.Claim);
        return new TransactionJson(
            "transaction",
            entry.Id,
            entry.Direction,
            entry.Status,
            entry.Counterparty,
            entry.CounterpartyAddress,
            asset.Code,
            asset.Issuer,
            Grains.Money.Amount.Format(entry.AmountStroops),
            Grains.Money.Amount.Format(entry.FeeStroops),
            entry.Memo,
            entry.MemoType,
            entry.TransactionHash,
            entry.Ledger,
            entry.FailureCode,
            entry.CreatedAt,
            entry.CompletedAt,
            side?.Asset.Code,
            side?.Asset.Issuer,
            side?.Amount,
            side?.Rate,
            side?.Paid,
            side?.Received,
            ClaimSide.MethodOf(claim, side),
            claim?.ReclaimableAfter,
            claim?.BalanceId,
            claim?.Status);
    }
}
