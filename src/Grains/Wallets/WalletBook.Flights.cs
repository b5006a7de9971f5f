using StellarPay.Grains.Events;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletBook
{
    /// <summary>The most operations that the network takes in one transaction.</summary>
    public const int MaxFlightOperations = 100;

    /// <summary>In how many transactions a payment is tried that fails as a part of a batch for no fault of its own.</summary>
    public const int MaxSignings = 3;

    private const int OperationBits = 12;
    private const string Succeeded = "op_success";

    // Each is of a transaction whose rows the inbox is about to bring.
    private const int MaxLearntEarly = 16;

    /// <summary>
    /// The waiting payments that go into the next transaction: the oldest, and all that can share its memo, oldest first.
    /// </summary>
    public IReadOnlyList<PaymentRecord> NextBatch()
    {
        var oldest = state.Payments.Find(p => p.Status == PaymentStatus.Queued);
        return oldest switch
        {
            null => [],
            { Method: PaymentMethod.ClaimableBalance } or { Alone: true } => [oldest],
            _ => [.. state.Payments.Where(p => CanShare(p, oldest)).Take(MaxFlightOperations)],
        };
    }

    /// <summary>A transaction is signed for these payments; its sequence number is used from now on.</summary>
    public void Sign(IReadOnlyList<PaymentRecord> payments, FlightRecord flight)
    {
        if (state.Flight is not null || flight.Operations.Count(o => Find(o.Subject) is not null) != payments.Count)
        {
            throw new InvalidOperationException($"Wallet {state.Address} cannot sign: a transaction is under way, or it is another.");
        }

        state.Flight = flight;
        state.SequenceNumber = flight.SequenceNumber;
        CountSignings(flight);
        foreach (var payment in payments)
        {
            PaymentTransitions.Move(payment, PaymentStatus.Signed);
            payment.TransactionHash = flight.PresentHash();
            payment.InnerHash = flight.InnerHash;
            payment.SequenceNumber = flight.SequenceNumber;
            payment.OperationIndex = flight.IndexOf(payment.Id);
            payment.Signings++;
            events.Raise(EventTypes.PaymentSigned, payment, FlightEvents.Signed(flight, payment));
        }
    }

    /// <summary>The same transaction in a new fee-bump, which replaces the one before.</summary>
    public void Bump(string envelope, string hash, long feeStroops, DateTimeOffset? bumpAfter)
    {
        var flight = state.Flight!;
        flight.Envelope = envelope;
        // The same payer at the same bid gives the same hash again.
        if (!flight.Hashes.Remove(hash) && feeStroops == flight.FeeStroops)
        {
            flight.Repaid = (flight.Repaid ?? 0) + 1;
        }

        flight.Hashes.Add(hash);
        flight.FeeStroops = feeStroops;
        flight.BumpAfter = bumpAfter;
        foreach (var payment in Flying())
        {
            payment.TransactionHash = hash;
            events.Raise(EventTypes.PaymentFeeBumped, payment, FlightEvents.Bumped(flight, payment));
        }
    }

    /// <summary>The network has the transaction. False if that was known.</summary>
    public bool MarkSubmitted()
    {
        var changed = false;
        foreach (var payment in Flying().Where(p => p.Status == PaymentStatus.Signed))
        {
            PaymentTransitions.Move(payment, PaymentStatus.Submitted);
            events.Raise(EventTypes.PaymentSubmitted, payment, FlightEvents.Answered(state.Flight!, payment));
            changed = true;
        }

        return changed;
    }

    /// <summary>
    /// The transaction is on the ledger. The amounts stay reserved until the ledger's operations are applied.
    /// </summary>
    public void Land(long? ledger, string? transactionHash, DateTimeOffset now, long? operationId = null)
    {
        var flight = state.Flight!;
        foreach (var payment in Flying())
        {
            PaymentTransitions.Move(payment, PaymentStatus.Succeeded);
            payment.TransactionHash = transactionHash ?? payment.TransactionHash;
            payment.Ledger = ledger;
            payment.CompletedAt = now;
            OpenClaimable(payment);
            events.Raise(EventTypes.PaymentSucceeded, payment, FlightEvents.Landed(
                flight, payment, (operationId >> OperationBits << OperationBits) + payment.OperationIndex + 1));
        }

        LandClaims(flight, now);
        state.Flight = null;
    }

    /// <summary>
    /// The transaction can never be applied. Whose own operation is to blame fails for good; a payment that was alone
    /// does too, unless only the sequence number was wrong; the others wait again, until they have been tried often enough.
    /// </summary>
    public void Refuse(SubmissionReport report, DateTimeOffset now)
    {
        var flight = state.Flight!;
        // A ledger that holds the failure has used the number; otherwise only the network knows which is next.
        state.SequenceNumber = report.Ledger is null || report.Code == SubmissionDriver.BadSequence ? null : flight.SequenceNumber;
        var code = report.Code ?? "tx_failed";
        var own = report.OperationCodes is { } codes && codes.Length == flight.Operations.Count ? codes : null;
        var flying = Flying();
        // One of them touches a frozen entry, and it is not said which: each is tried by itself, once.
        var suspects = own is null && flying.Count > 1 && FrozenEntries.IsCode(code);
        foreach (var payment in flying)
        {
            payment.Alone |= suspects;
            var ownCode = own?[payment.OperationIndex];
            LearnFreeze(payment, ownCode ?? code, report.Ledger);
            LearnFailedPath(payment, ownCode ?? code, now);
            // A number that was used already, as a replica that is behind may tell us, is nobody's fault.
            var blameless = (flying.Count > 1 || report is { Ledger: null, Code: SubmissionDriver.BadSequence })
                && (own is null || ownCode == Succeeded);
            // While nobody paid for the transaction its time ran out; that is the platform's fault, however often.
            var unpaid = flight.Unpaid is true && report.Ledger is null && own is null;
            if (unpaid || (blameless && (own is not null || suspects || payment.Signings < MaxSignings)))
            {
                Requeue(payment, flight, code, report.Ledger);
            }
            else
            {
                payment.TransactionHash = report.TransactionHash ?? payment.TransactionHash;
                Fail(payment, ownCode is null or Succeeded ? code : ownCode, report.Ledger, now, FlightEvents.Answered(flight, payment));
            }
        }

        RefuseClaims(flight, own, code, now);
        state.Flight = null;
    }

    /// <summary>The end of a transaction is learnt from the network, before the inbox tells it.</summary>
    public void LearnEarly(FlightRecord flight)
    {
        var learnt = state.LearntEarly ??= [];
        if (learnt.Count == MaxLearntEarly)
        {
            learnt.RemoveAt(0);
        }

        learnt.Add(flight.InnerHash);
    }

    /// <summary>Whether a transaction used this wallet's account and is none that this wallet made.</summary>
    public bool IsForeign(LedgerOutcome outcome) => (outcome.Source == state.Address || outcome.FeeAccount == state.Address)
        && !(state.Flight?.HasHash(outcome.LookUpHash) ?? false) && state.LearntEarly?.Contains(outcome.LookUpHash) is not true;

    /// <summary>The payments that the transaction under way carries, in its order.</summary>
    public IReadOnlyList<PaymentRecord> Flying() => state.Flight is { } flight
        ? [.. flight.Operations.Select(o => Find(o.Subject)).OfType<PaymentRecord>()]
        : [];

    /// <summary>The payment that an operation of the ledger carried out.</summary>
    public PaymentRecord? FindFor(LedgerOperation operation)
    {
        var index = IndexOf(operation);
        return state.Payments.Find(p =>
            p.OperationIndex == index && (p.HasHash(operation.TransactionHash) || p.HasHash(operation.InnerTransactionHash)));
    }

    private void TakeOutcome(LedgerOutcome outcome, DateTimeOffset now)
    {
        if (outcome.FeeAccount == state.Address)
        {
            WalletBalances.Add(state, Asset.Native.Canonical, checked(-outcome.FeeStroops));
        }

        if (state.Flight is { } flight && flight.HasHash(outcome.LookUpHash))
        {
            if (outcome.Successful)
            {
                Land(outcome.Ledger, outcome.TransactionHash, now, outcome.PagingToken);
            }
            else
            {
                Refuse(ReportOf(outcome), now);
            }
        }
        else if (IsForeign(outcome))
        {
            TakeForeign(outcome, now);
        }
        else
        {
            state.LearntEarly?.Remove(outcome.LookUpHash);
            state.LearntEarly = state.LearntEarly is [] ? null : state.LearntEarly;
        }
    }

    // Whoever made it has used a sequence number of this account: what is under way with that number can never be applied.
    private void TakeForeign(LedgerOutcome outcome, DateTimeOffset now)
    {
        if (outcome.Source != state.Address)
        {
            return;
        }

        if (state.Flight is { } flight && flight.SequenceNumber <= outcome.SequenceNumber)
        {
            Refuse(new SubmissionReport(SubmissionOutcome.Terminal, SubmissionDriver.BadSequence), now);
        }
        else if (state.Flight is null)
        {
            state.SequenceNumber = null;
        }
    }

    private static SubmissionReport ReportOf(LedgerOutcome outcome) => new(
        SubmissionOutcome.Terminal, outcome.Code, outcome.Ledger, OperationCodes: outcome.OperationCodes,
        TransactionHash: outcome.TransactionHash);

    // A claimable balance flies alone: around it are operations of the platform, which shall share nobody's fate.
    private static bool CanShare(PaymentRecord payment, PaymentRecord oldest) =>
        payment is { Status: PaymentStatus.Queued, Alone: false } && payment.SharesMemoWith(oldest)
        && payment.Method != PaymentMethod.ClaimableBalance;

    private void Requeue(PaymentRecord payment, FlightRecord flight, string code, long? ledger)
    {
        PaymentTransitions.Move(payment, PaymentStatus.Queued);
        var said = FlightEvents.Answered(flight, payment) with { Code = code, Ledger = ledger };
        (payment.TransactionHash, payment.InnerHash, payment.SequenceNumber, payment.OperationIndex) = (null, null, null, 0);
        events.Raise(EventTypes.PaymentRequeued, payment, said);
    }

    // An operation of ours: the transaction that holds it is on the ledger whole, and this much of it is in the balance.
    private void Settle(LedgerOperation operation, DateTimeOffset now)
    {
        if (state.Flight is { } flight
            && (flight.HasHash(operation.TransactionHash) || flight.HasHash(operation.InnerTransactionHash)))
        {
            Land(operation.Ledger, operation.TransactionHash, now, operation.PagingToken);
        }

        if (FindFor(operation) is { Status: PaymentStatus.Succeeded } payment)
        {
            payment.Settled = true;
            payment.TransactionHash = operation.TransactionHash;
            // Nothing is matched with it any more, and the events have it.
            (payment.InnerHash, payment.SequenceNumber, payment.Signings) = (null, null, 0);
            events.Settled(payment);
            TakeMoved(payment, operation);
        }
    }

    // SEP-35: the low twelve bits count a transaction's operations from 1.
    private static int IndexOf(LedgerOperation operation) => (int)(operation.PagingToken & ((1 << OperationBits) - 1)) - 1;
}
