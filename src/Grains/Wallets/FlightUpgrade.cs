using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>Makes a flight of the payment that a row of the version before flights had under way.</summary>
internal static class FlightUpgrade
{
    public static void Apply(WalletState state)
    {
        if (state.Flight is not null
            || state.Payments.Find(p => PaymentTransitions.IsInFlight(p.Status)) is not
                { Envelope: { } envelope, TransactionHash: { } hash, InnerHash: { } innerHash,
                  SequenceNumber: { } sequence, MaxTime: { } maxTime } payment)
        {
            return;
        }

        state.Flight = new FlightRecord
        {
            Envelope = envelope,
            InnerHash = innerHash,
            Hashes = [hash],
            SequenceNumber = sequence,
            MaxTime = maxTime,
            FeeStroops = TransactionFactory.Unwrap(envelope).FeeStroops,
            SignedAt = payment.CreatedAt,
            Operations = [new FlightOperation(payment.Id)],
        };
        (payment.Envelope, payment.MaxTime) = (null, null);
    }
}
