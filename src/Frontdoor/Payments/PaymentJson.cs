using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains.Events;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Payments;

/// <summary>A payment as its payer sees it.</summary>
/// <param name="Object">Always <c>payment</c>.</param>
/// <param name="Id">The payment's id, <c>txn_…</c>.</param>
/// <param name="Wallet">The wallet that pays.</param>
/// <param name="Status">pending, queued, signed, submitted, succeeded, failed, expired or cancelled.</param>
/// <param name="Recipient">How the payer named the recipient.</param>
/// <param name="Destination">The account that is paid.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="Amount">A decimal string.</param>
/// <param name="Fee">What the payer is charged for it in XLM, as a decimal string.</param>
/// <param name="Memo">The memo, or null.</param>
/// <param name="CreatedAt">When it was quoted.</param>
/// <param name="ExpiresAt">When the quote ends unless it is confirmed; null in what comes from the archive.</param>
/// <param name="CompletedAt">When it became final, or null.</param>
/// <param name="TransactionHash">The hash on the network, from signing on.</param>
/// <param name="Ledger">The ledger that holds it, or null.</param>
/// <param name="FailureCode">Why it failed, or null.</param>
/// <param name="Revision">The wallet's revision after the change; in what the hub pushes only.</param>
internal sealed record PaymentJson(
    string Object,
    string Id,
    string Wallet,
    string Status,
    string? Recipient,
    string? Destination,
    string Asset,
    string? Issuer,
    string Amount,
    string Fee,
    string? Memo,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? CompletedAt,
    string? TransactionHash,
    long? Ledger,
    string? FailureCode,
    long? Revision = null)
{
    private const string Kind = "payment";

    // The platform pays the network's fees.
    private const long NoFee = 0;

    public static PaymentJson Of(PaymentView payment) => new(
        Kind,
        payment.Id.Value,
        payment.Wallet.Value,
        StatusText.Of(payment.Status),
        payment.Recipient,
        payment.Destination,
        payment.Amount.Asset.Code,
        payment.Amount.Asset.Issuer,
        payment.Amount.ToDecimalString(),
        Grains.Money.Amount.Format(payment.FeeStroops),
        payment.Memo,
        payment.CreatedAt,
        payment.ExpiresAt,
        payment.CompletedAt,
        payment.TransactionHash,
        payment.Ledger,
        payment.FailureCode);

    public static PaymentJson Of(PaymentEventData payment)
    {
        var asset = Grains.Money.Asset.Parse(payment.Asset);
        return new PaymentJson(
            Kind,
            payment.PaymentId,
            payment.WalletId,
            payment.Status,
            payment.Recipient,
            payment.Destination,
            asset.Code,
            asset.Issuer,
            payment.Amount,
            Grains.Money.Amount.Format(NoFee),
            payment.Memo,
            payment.CreatedAt,
            payment.ExpiresAt,
            payment.CompletedAt,
            payment.TransactionHash,
            payment.Ledger,
            payment.FailureCode,
            payment.Revision);
    }

    public static PaymentJson Of(HistoryEntry entry, string wallet)
    {
        var asset = Grains.Money.Asset.Parse(entry.Asset);
        return new PaymentJson(
            Kind,
            entry.Id,
            wallet,
            entry.Status,
            entry.Counterparty,
            entry.CounterpartyAddress,
            asset.Code,
            asset.Issuer,
            Grains.Money.Amount.Format(entry.AmountStroops),
            Grains.Money.Amount.Format(NoFee),
            entry.Memo,
            entry.CreatedAt,
            null,
            entry.CompletedAt,
            entry.TransactionHash,
            entry.Ledger,
            entry.FailureCode);
    }
}
