using System.Globalization;

namespace StellarPay.Grains.Payments.Tracing;

/// <summary>Where a payment is, in a sentence for its payer.</summary>
internal static class TraceSummary
{
    /// <param name="payment">The payment.</param>
    /// <param name="network">What the network says now of one that is under way.</param>
    /// <param name="acknowledged">Whether the network has answered that it has it.</param>
    /// <param name="outbid">Whether the network asks for more than may be bid for it.</param>
    public static string Of(
        PaymentView payment, NetworkWord? network, bool acknowledged = false, bool outbid = false) => payment.Status switch
    {
        PaymentStatus.Pending => $"Your payment is quoted and waits for you to confirm it by {Time(payment.ExpiresAt)}.",
        PaymentStatus.Queued when payment.Wait is { Until: { } until } =>
            $"Your payment is confirmed. It goes out as soon as the recipient's account is open. If it is not by {Time(until)}, the amount is yours again.",
        PaymentStatus.Queued =>
            "Your payment is confirmed. It goes out as soon as your wallet's payment before it has been decided.",
        PaymentStatus.Signed => UnderWay(network, acknowledged, outbid),
        PaymentStatus.Succeeded when payment.Ledger is { } ledger => $"Your payment is in ledger {Number(ledger)}: it has arrived.",
        PaymentStatus.Succeeded => "Your payment has arrived.",
        PaymentStatus.Failed when payment.Ledger is { } ledger =>
            $"Your payment failed in ledger {Number(ledger)} ({payment.FailureCode}). Nothing was paid, and the amount is yours again.",
        PaymentStatus.Failed =>
            $"Your payment failed ({payment.FailureCode}). Nothing was paid, nothing of it can be paid any more, and the amount is yours again.",
        PaymentStatus.Expired => "The quote ended before it was confirmed. Nothing was paid.",
        _ => "You cancelled the payment. Nothing was paid.",
    };

    private static string UnderWay(NetworkWord? network, bool acknowledged, bool outbid)
    {
        var by = network is null ? "" : $" It will be decided by {Time(network.DecidedBy)} at the latest.";
        return network switch
        {
            { FoundInLedger: { } ledger, Successful: true } =>
                $"Your payment is in ledger {Number(ledger)}; your wallet is about to show it.",
            { FoundInLedger: { } ledger } =>
                $"Your payment did not succeed in ledger {Number(ledger)}; your wallet is about to learn why.",
            { LatestLedger: null } => $"Your payment is signed. The network does not answer at the moment.{by}",
            _ when outbid =>
                "Your payment is signed. The network is full, and asks for a higher fee than the payment allows; it waits for a "
                + $"cheaper moment, and fails if none comes.{by}",
            _ when !acknowledged => $"Your payment is signed and on its way to the network.{by}",
            _ => $"The network has your payment; no ledger holds it yet.{by}",
        };
    }

    private static string Time(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Number(long ledger) => ledger.ToString(CultureInfo.InvariantCulture);
}
