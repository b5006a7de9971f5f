using System.Text.Json;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;

namespace StellarPay.Grains.Payments;

/// <summary>A payment as its latest event shows it.</summary>
internal static class ArchivedPayment
{
    public static PaymentView ToView(PaymentEventData payment) => new(
        PaymentId.Parse(payment.PaymentId), WalletId.Parse(payment.WalletId), PaymentStatusText.Parse(payment.Status), payment.Recipient,
        payment.Destination, new Amount(Asset.Parse(payment.Asset), StroopsOf(payment.Amount)),
        payment.Fee is { } fee ? StroopsOf(fee) : 0, payment.Memo,
        payment.CreatedAt, payment.ExpiresAt, payment.CompletedAt, payment.TransactionHash, payment.Ledger, payment.FailureCode,
        payment.Path is { } path ? ToView(path) : null, payment.Facts, payment.Claim is { } claim ? ToView(claim) : null);

    private static PathView ToView(PathEventData path) => new(
        new Amount(Asset.Parse(path.SourceAsset), StroopsOf(path.SourceAmount)), StroopsOf(path.SourceMax),
        StroopsOf(path.AmountMin), [.. path.Path], path.Sent is { } sent ? StroopsOf(sent) : null,
        path.Received is { } received ? StroopsOf(received) : null);

    private static ClaimableView ToView(ClaimEventData claim) => new(
        claim.ReclaimableAfter, claim.BalanceId, claim.Status is { } status ? Named<ClaimStatus>(status) : null);

    private static T Named<T>(string text)
        where T : struct, Enum =>
        Enum.GetValues<T>().Single(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()) == text);

    private static long StroopsOf(string amount) => Amount.TryParseStroops(amount, out var stroops)
        ? stroops
        : throw new InvalidOperationException($"An event says that a payment is of '{amount}'.");
}
