using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains.Events;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Payments;

/// <summary>A payment as its payer sees it.</summary>
/// <param name="Object">Always <c>payment</c>.</param>
/// <param name="Id">The payment's id, <c>txn_…</c>.</param>
/// <param name="Wallet">The wallet that pays.</param>
/// <param name="Status">pending, queued, processing, succeeded, failed, expired or cancelled.</param>
/// <param name="Recipient">How the payer named the recipient.</param>
/// <param name="Destination">The account that is paid.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="Amount">What the recipient gets, a decimal string; by the quote, where what the payer spends is exact.</param>
/// <param name="Fee">What the payer is charged besides, of the asset that leaves his wallet, as a decimal string; 0 while his day's free operations last.</param>
/// <param name="Memo">The memo, or null.</param>
/// <param name="CreatedAt">When it was quoted.</param>
/// <param name="ExpiresAt">When the quote ends unless it is confirmed; null in what comes from the archive.</param>
/// <param name="CompletedAt">When it became final, or null.</param>
/// <param name="TransactionHash">The hash on the network, from signing on.</param>
/// <param name="Ledger">The ledger that holds it, or null.</param>
/// <param name="FailureCode">Why it failed, or null.</param>
/// <param name="Revision">The wallet's revision after the change; in what the hub pushes only.</param>
/// <param name="SourceAsset">The code of the asset that the payer spends, where that is another; else null, as all that follows.</param>
/// <param name="SourceIssuer">The account that issues it; null for XLM.</param>
/// <param name="SourceAmount">What the payer spends of it by the quote, a decimal string.</param>
/// <param name="SourceMax">The most that may leave the wallet, which is reserved until it is settled.</param>
/// <param name="AmountMin">The least that the recipient gets.</param>
/// <param name="Rate">What arrives for one of what is spent, by the quote: seven decimal places, or seven digits below one.</param>
/// <param name="Path">The assets in between: XLM, or CODE:ISSUER.</param>
/// <param name="SourcePaid">What left the wallet by the ledger's word; null until then.</param>
/// <param name="AmountReceived">What the recipient got by the ledger's word; null until then.</param>
/// <param name="MemoType">The memo's kind: text, id, or hash or return (base64); null without a memo.</param>
/// <param name="RecipientUser">Whether the recipient was a user here when it was quoted; null in what comes from the archive.</param>
/// <param name="RecipientHandle">The handle that he had then, or null.</param>
/// <param name="Method">payment, path_payment, or claimable_balance: then it waits on the ledger until the recipient claims it.</param>
/// <param name="ReclaimableAfter">From when on the payer can have it back; null but for a claimable balance, as all that follows.</param>
/// <param name="BalanceId">Its id on the network; null before it is there.</param>
/// <param name="ClaimStatus">open, claimed, reclaiming, reclaimed or clawed_back; null before it is there.</param>
/// <param name="WaitingFor">recipient_opening while it waits for the recipient's account to be opened; null for most.</param>
/// <param name="WaitsUntil">When it is given up then, and the amount free again; null before it is confirmed.</param>
/// <param name="StepUpRequired">Whether a second factor is to be shown before it is confirmed; null but in the answer to a quote.</param>
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
    long? Revision = null,
    string? SourceAsset = null,
    string? SourceIssuer = null,
    string? SourceAmount = null,
    string? SourceMax = null,
    string? AmountMin = null,
    string? Rate = null,
    IReadOnlyList<string>? Path = null,
    string? SourcePaid = null,
    string? AmountReceived = null,
    string? MemoType = null,
    bool? RecipientUser = null,
    string? RecipientHandle = null,
    string Method = "payment",
    DateTimeOffset? ReclaimableAfter = null,
    string? BalanceId = null,
    string? ClaimStatus = null,
    string? WaitingFor = null,
    DateTimeOffset? WaitsUntil = null,
    bool? StepUpRequired = null)
{
    private const string Kind = "payment";

    // The platform pays the network's fees as long as the day's free operations last.
    private const long NoFee = 0;

    public static PaymentJson Of(PaymentView payment) => new PaymentJson(
        Kind,
        payment.Id.Value,
        payment.Wallet.Value,
        PaymentStatusText.Of(payment.Status),
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
        payment.FailureCode)
        .With(PayerSide.Of(payment.Path, payment.Amount.Stroops), ClaimSide.Of(payment.Claimable))
        .With(payment.Facts)
        .With(payment.Wait) with { StepUpRequired = payment.NeedsStepUp };

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
            payment.Fee ?? Grains.Money.Amount.Format(NoFee),
            payment.Memo,
            payment.CreatedAt,
            payment.ExpiresAt,
            payment.CompletedAt,
            payment.TransactionHash,
            payment.Ledger,
            payment.FailureCode,
            payment.Revision)
            .With(PayerSide.Of(payment.Path), ClaimSide.Of(payment.Claim))
            .With(payment.Facts)
            .With(payment.Wait);
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
            Grains.Money.Amount.Format(entry.FeeStroops),
            entry.Memo,
            entry.CreatedAt,
            null,
            entry.CompletedAt,
            entry.TransactionHash,
            entry.Ledger,
            entry.FailureCode)
            .With(PayerSide.Of(entry.Path, entry.AmountStroops), ClaimSide.Of(entry.Claim)) with { MemoType = entry.MemoType };
    }

    private PaymentJson With(RecipientFacts? facts) => this with
    {
        MemoType = Memo is null ? null : facts?.MemoType ?? "text",
        RecipientUser = facts?.IsUser,
        RecipientHandle = facts?.Handle,
    };

    private PaymentJson With(PaymentWait? wait) => this with { WaitingFor = wait?.For, WaitsUntil = wait?.Until };

    private PaymentJson With(PayerSide? side, ClaimSide? claim) => With(side) with
    {
        Method = ClaimSide.MethodOf(claim, side),
        ReclaimableAfter = claim?.ReclaimableAfter,
        BalanceId = claim?.BalanceId,
        ClaimStatus = claim?.Status,
    };

    private PaymentJson With(PayerSide? side) => side is null
        ? this
        : this with
        {
            SourceAsset = side.Asset.Code,
            SourceIssuer = side.Asset.Issuer,
            SourceAmount = side.Amount,
            SourceMax = side.Max,
            AmountMin = side.ReceivedMin,
            Rate = side.Rate,
            Path = side.Path,
            SourcePaid = side.Paid,
            AmountReceived = side.Received,
        };
}
