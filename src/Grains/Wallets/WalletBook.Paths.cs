using StellarPay.Grains.Events;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletBook
{
    // What a path payment moved, only the ledger knows. The limits were asked for the most that may leave; what left is
    // what counts.
    private void TakeMoved(PaymentRecord payment, LedgerOperation operation)
    {
        if (payment.Path is not { SentStroops: null } path || operation.Amount is not { } received)
        {
            return;
        }

        var sent = (operation.SourceAmount ?? received).Stroops;
        path.SentStroops = sent;
        path.ReceivedStroops = received.Stroops;
        var most = (Int128)path.SourceMaxStroops;
        var units = (((Int128)payment.LimitUnits * sent) + most - 1) / most;
        LimitLedger.Correct(state, payment, (long)Int128.Min(units, payment.LimitUnits));
        events.Raise(EventTypes.PaymentSettled, payment);
    }
}
