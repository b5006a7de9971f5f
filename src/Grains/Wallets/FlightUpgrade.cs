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

        var (inner, fee) = TransactionFactory.Unwrap(envelope);
        state.Flight = new FlightRecord
        {
            Inner = inner,
            Envelope = envelope,
            InnerHash = innerHash,
            Hashes = [hash],
            SequenceNumber = sequence,
            MaxTime = maxTime,
            FeeStroops = fee,
            SignedAt = payment.CreatedAt,
            Operations = [new FlightOperation(payment.Id)],
        };
        (payment.Envelope, payment.MaxTime) = (null, null);
    }
}
