using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>A payment that came after its session's end, which somebody is about to accept.</summary>
/// <param name="Session">The session.</param>
/// <param name="Payment">The payment, by where the ledger holds it.</param>
/// <param name="Try">Which try that is: whoever gives one up gives up no other.</param>
internal sealed record LatePayment(PaymentSessionId Session, LedgerPlace Payment, Guid Try)
{
    /// <summary>A new try.</summary>
    public static LatePayment Begin(PaymentSessionId session, LedgerPlace payment) => new(session, payment, Guid.NewGuid());

    /// <summary>As rows have it.</summary>
    public static LatePayment Parse(string text)
    {
        var parts = text.Split(' ');
        return new LatePayment(PaymentSessionId.Parse(parts[0]), OperationIds.Find(parts[1])!.Value, Guid.ParseExact(parts[2], "N"));
    }

    /// <summary>Whether it is the same payment, in whichever try.</summary>
    public bool IsSame(LatePayment other) => (Session, Payment) == (other.Session, other.Payment);

    public override string ToString() => $"{Session.Value} {Payment.Token}-{Payment.Number} {Try:N}";
}
