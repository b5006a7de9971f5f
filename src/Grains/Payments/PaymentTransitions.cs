namespace StellarPay.Grains.Payments;

/// <summary>What may follow what in a payment's life.</summary>
internal static class PaymentTransitions
{
    /// <summary>Whether a payment may go from one status to the other.</summary>
    public static bool IsAllowed(PaymentStatus from, PaymentStatus to) => (from, to) switch
    {
        (PaymentStatus.Pending, PaymentStatus.Queued or PaymentStatus.Signed or PaymentStatus.Expired
            or PaymentStatus.Cancelled or PaymentStatus.Failed) => true,
        (PaymentStatus.Queued, PaymentStatus.Signed or PaymentStatus.Cancelled or PaymentStatus.Failed) => true,
        // Back to Queued only when it is decided that the transaction which held it will never be applied.
        (PaymentStatus.Signed, PaymentStatus.Succeeded or PaymentStatus.Failed or PaymentStatus.Queued) => true,
        _ => false,
    };

    /// <summary>Whether nothing can follow.</summary>
    public static bool IsTerminal(PaymentStatus status) =>
        status is PaymentStatus.Succeeded or PaymentStatus.Failed or PaymentStatus.Expired or PaymentStatus.Cancelled;

    /// <summary>Whether its transaction is signed and the ledger has not decided.</summary>
    public static bool IsProcessing(PaymentStatus status) => status is PaymentStatus.Signed;

    /// <summary>Moves a payment on.</summary>
    /// <exception cref="InvalidOperationException">The table does not allow it: a bug.</exception>
    public static void Move(PaymentRecord payment, PaymentStatus to)
    {
        if (!IsAllowed(payment.Status, to))
        {
            throw new InvalidOperationException($"Payment {payment.Id} cannot go from {payment.Status} to {to}.");
        }

        payment.Status = to;
    }
}
