using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>A payment that came after its session's end.</summary>
/// <param name="Session">The session.</param>
/// <param name="Payment">The payment, by where the ledger holds it.</param>
internal sealed record LatePayment(PaymentSessionId Session, LedgerPlace Payment)
{
    /// <summary>As rows have it.</summary>
    public static LatePayment Parse(string text)
    {
        var parts = text.Split(' ');
        return new LatePayment(PaymentSessionId.Parse(parts[0]), OperationIds.Find(parts[1])!.Value);
    }

    public override string ToString() => $"{Session.Value} {Payment.Token}-{Payment.Number}";
}
