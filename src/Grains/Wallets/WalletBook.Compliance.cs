using StellarPay.Grains.Events;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletBook
{
    /// <summary>The confirmed payments that are not signed, oldest first.</summary>
    public IReadOnlyList<PaymentRecord> Queued => [.. state.Payments.Where(p => p.Status == PaymentStatus.Queued)];

    /// <summary>A payment that was never signed may not be made any more, and gives back what it reserved.</summary>
    public void Deny(PaymentRecord payment, string code, DateTimeOffset now)
    {
        PaymentTransitions.Move(payment, PaymentStatus.Failed);
        payment.FailureCode = code;
        End(payment, now);
        events.Raise(EventTypes.PaymentFailed, payment);
    }
}
