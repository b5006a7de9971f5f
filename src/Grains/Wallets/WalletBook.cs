using StellarPay.Grains.Claims;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Ledger;
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

    /// <summary>Takes in what a ledger did: how a transaction of this wallet ended, or one movement.</summary>
    public void Apply(LedgerEntry entry, DateTimeOffset now)
    {
        if (entry.Outcome is { } outcome)
        {
            TakeOutcome(outcome, now);
        }
        else if (entry.Movement is { Successful: true } movement && Concerns(movement))
        {
            Take(movement, now);
        }
    }

    /// <summary>Forgets what is not needed any more.</summary>
    public void Prune(DateTimeOffset now)
    {
        LimitLedger.Prune(state, now);
        ForgetFailedPaths(now);
        // What is forgotten here is in the events.
        var surplus = state.Payments.Count(IsSettledAndTerminal) - KeptTerminalPayments;
        if (surplus > 0)
        {
            state.Payments.RemoveAll(p => IsSettledAndTerminal(p) && surplus-- > 0);
        }
    }

    private bool Concerns(LedgerOperation operation) =>
        operation.Accounts().Contains(state.Address, StringComparer.Ordinal);

    private void Take(LedgerOperation operation, DateTimeOffset now)
    {
        TakeTrustline(operation);
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

        if (paid || operation.BalanceId is not null)
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
