using StellarPay.Grains.Claims;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// Every change that a wallet's payments and balances can go through, each with its events. Touches nothing but the
/// state; the grain writes it.
/// </summary>
internal sealed partial class WalletBook(WalletState state, WalletEvents events, ClaimRules? claims = null)
{
    public const int MaxOpenPayments = 128;
    public const int KeptTerminalPayments = 3;

    public IEnumerable<PaymentRecord> Open => state.Payments.Where(p => !PaymentTransitions.IsTerminal(p.Status));

    /// <summary>Whether a transaction is signed and not decided.</summary>
    public bool IsFlying => state.Flight is not null;

    public bool HasQueued => state.Payments.Exists(p => p.Status == PaymentStatus.Queued);

    public PaymentRecord? Find(string id) => state.Payments.Find(p => p.Id == id);

    /// <summary>Takes a quoted payment in and counts it against the limit.</summary>
    public void Add(PaymentRecord payment)
    {
        state.Payments.Add(payment);
        LimitLedger.Reserve(state, payment);
        events.Raise(EventTypes.PaymentCreated, payment);
    }

    public void Queue(PaymentRecord payment)
    {
        PaymentTransitions.Move(payment, PaymentStatus.Queued);
        events.Raise(EventTypes.PaymentQueued, payment);
    }

    public void Expire(PaymentRecord payment, DateTimeOffset now)
    {
        PaymentTransitions.Move(payment, PaymentStatus.Expired);
        End(payment, now);
        events.Raise(EventTypes.PaymentExpired, payment);
    }

    public void Cancel(PaymentRecord payment, DateTimeOffset now)
    {
        PaymentTransitions.Move(payment, PaymentStatus.Cancelled);
        End(payment, now);
        events.Raise(EventTypes.PaymentCancelled, payment);
    }

    /// <summary>Ends the quotes whose time is over.</summary>
    public void ExpireQuotes(DateTimeOffset now)
    {
        foreach (var payment in state.Payments)
        {
            if (payment.Status == PaymentStatus.Pending && payment.ExpiresAt <= now)
            {
                Expire(payment, now);
            }
        }
    }

    /// <summary>
    /// Takes an operation that a ledger applied. False if there is nothing to write: it was taken before, or it moved
    /// nothing.
    /// </summary>
    public bool Apply(LedgerOperation operation, DateTimeOffset now)
    {
        if (operation.PagingToken <= state.LedgerCursor || !operation.Successful || !Concerns(operation))
        {
            return false;
        }

        state.LedgerCursor = operation.PagingToken;
        Take(operation, now);
        return true;
    }

    /// <summary>Forgets what is not needed any more.</summary>
    public void Prune(DateTimeOffset now)
    {
        LimitLedger.Prune(state, now);
        // What is forgotten here is in the events.
        var surplus = state.Payments.Count(IsSettledAndTerminal) - KeptTerminalPayments;
        if (surplus > 0)
        {
            state.Payments.RemoveAll(p => IsSettledAndTerminal(p) && surplus-- > 0);
        }
    }

    /// <summary>Passes over an operation, which can be taken once later. False where it was taken or passed over before.</summary>
    public bool Park(long pagingToken)
    {
        if (pagingToken <= state.LedgerCursor)
        {
            return false;
        }

        (state.Parked ??= []).Add(pagingToken);
        state.LedgerCursor = pagingToken;
        return true;
    }

    /// <summary>Takes an operation that was passed over. False where there is nothing to write: it was not, or not any more.</summary>
    public bool ApplyParked(LedgerOperation operation, DateTimeOffset now)
    {
        if (state.Parked?.Remove(operation.PagingToken) is not true)
        {
            return false;
        }

        state.Parked = state.Parked is [] ? null : state.Parked;

        if (operation.Successful)
        {
            Take(operation, now);
        }

        return true;
    }

    private bool Concerns(LedgerOperation operation) =>
        operation.Accounts().Contains(state.Address, StringComparer.Ordinal);

    private void Take(LedgerOperation operation, DateTimeOffset now)
    {
        var paid = false;
        foreach (var moved in operation.Movements())
        {
            if (moved.From == state.Address)
            {
                paid = true;
                WalletBalances.Add(state, moved.Sent.Asset.Canonical, checked(-moved.Sent.Stroops));
            }

            if (moved.To == state.Address)
            {
                WalletBalances.Add(state, moved.Received.Asset.Canonical, moved.Received.Stroops);
                if (moved.Received.Stroops > 0)
                {
                    events.Credited(operation, moved.Received);
                }
            }
        }

        if ((paid && operation.Type != LedgerOperation.Fee) || operation.BalanceId is not null)
        {
            Settle(operation, now);
            TakeClaim(operation, now);
        }
    }

    private static bool IsSettledAndTerminal(PaymentRecord payment) => payment.IsOver();

    // What a payment was refused for is known, and that nothing of it will ever be on a ledger.
    private void Fail(PaymentRecord payment, string code, long? ledger, DateTimeOffset now, FlightEventData flight)
    {
        PaymentTransitions.Move(payment, PaymentStatus.Failed);
        payment.FailureCode = code;
        payment.Ledger = ledger;
        End(payment, now);
        events.Raise(EventTypes.PaymentFailed, payment, flight);
    }

    private void End(PaymentRecord payment, DateTimeOffset now)
    {
        payment.CompletedAt = now;
        LimitLedger.Release(state, payment);
    }
}
