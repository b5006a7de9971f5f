using StellarPay.Grains.Accounts;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Events;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// Every change that a wallet's payments can go through, each with its events. Touches nothing but the state; the grain
/// writes it.
/// </summary>
internal sealed class PaymentBook(WalletState state, WalletEvents events, InvitationBook invitations) : ISubmissionParty
{
    public const int MaxOpen = 128;
    public const int KeptTerminal = 3;

    // Stellar's code where whoever is to carry a reserve has too little XLM for it.
    private const string LowReserve = "op_low_reserve";

    // In how many transactions a payment goes whose sponsor had no XLM for its reserve.
    private const int MaxUnsponsored = 10;
    private const int OperationBits = 12;

    public IEnumerable<PaymentRecord> Open => state.Payments.Where(p => !PaymentTransitions.IsTerminal(p.Status));

    /// <summary>Whether any could be signed now. What waits for its recipient holds no other.</summary>
    public bool HasQueued => state.Payments.Exists(p => p is { Status: PaymentStatus.Queued, Opening: null } && !IsHeld(p));

    /// <summary>The confirmed payments that are not signed, oldest first; those that wait for their recipients too.</summary>
    public IReadOnlyList<PaymentRecord> Queued => [.. state.Payments.Where(p => p.Status == PaymentStatus.Queued && !IsHeld(p))];

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

    /// <summary>What a confirmed payment waited for has come: it goes out with the others.</summary>
    public void Opened(PaymentRecord payment)
    {
        payment.Opening = null;
        events.Raise(EventTypes.PaymentQueued, payment);
    }

    public void Expire(PaymentRecord payment, DateTimeOffset now)
    {
        PaymentTransitions.Move(payment, PaymentStatus.Expired);
        End(payment, now);
        events.Raise(EventTypes.PaymentExpired, payment);
    }

    /// <summary>Ends the quotes whose time is over, and what waits to pay a session that is: it can never be signed any more.</summary>
    public void ExpireQuotes(DateTimeOffset now)
    {
        foreach (var payment in state.Payments)
        {
            if (payment.Status == PaymentStatus.Pending && payment.ExpiresAt <= now)
            {
                Expire(payment, now);
            }
            else if (payment.Status == PaymentStatus.Queued && payment.NotAfter <= now)
            {
                Deny(payment, SessionRules.Over, now);
            }
        }
    }

    public void Cancel(PaymentRecord payment, DateTimeOffset now)
    {
        PaymentTransitions.Move(payment, PaymentStatus.Cancelled);
        End(payment, now);
        events.Raise(EventTypes.PaymentCancelled, payment);
    }

    /// <summary>A payment that was never signed may not be made any more, and gives back what it reserved.</summary>
    public void Deny(PaymentRecord payment, string code, DateTimeOffset now)
    {
        PaymentTransitions.Move(payment, PaymentStatus.Failed);
        payment.FailureCode = code;
        End(payment, now);
        events.Raise(EventTypes.PaymentFailed, payment);
    }

    /// <summary>
    /// The waiting payments that go into the next transaction: the oldest, and all that can share its memo, oldest first.
    /// </summary>
    /// <param name="sponsored">Whether somebody carries reserves; those that need that wait, where not.</param>
    public IReadOnlyList<PaymentRecord> NextBatch(bool sponsored = true)
    {
        var oldest = state.Payments.Find(
            p => p is { Status: PaymentStatus.Queued, Opening: null } && !IsHeld(p) && (sponsored || !PaymentKinds.Of(p).NeedsSponsor));
        return oldest is null ? []
            : !PaymentKinds.Of(oldest).SharesTransactions || oldest.Alone ? [oldest]
            : [.. Fitting(state.Payments.Where(p => CanShare(p, oldest) && !IsHeld(p)))];
    }

    /// <summary>The payments that a transaction carries, in its order.</summary>
    public IReadOnlyList<PaymentRecord> In(Submission? submission) => submission is null
        ? []
        : [.. submission.Operations.Select(o => Find(o.Subject)).OfType<PaymentRecord>()];

    /// <summary>The payment that an operation of the ledger carried out.</summary>
    public PaymentRecord? FindFor(LedgerOperation operation)
    {
        var index = IndexOf(operation);
        return state.Payments.Find(p =>
            p.OperationIndex == index && (p.HasHash(operation.TransactionHash) || p.HasHash(operation.InnerTransactionHash)));
    }

    /// <summary>An operation of this wallet is in the balance.</summary>
    public void Settle(LedgerOperation operation)
    {
        if (FindFor(operation) is { Status: PaymentStatus.Succeeded } payment)
        {
            payment.Settled = true;
            payment.TransactionHash = operation.TransactionHash;
            // Nothing is matched with it any more, and the events have it.
            (payment.InnerHash, payment.SequenceNumber, payment.Signings) = (null, null, 0);
            events.Settled(payment);
            WalletStepUp.Settled(state, payment);
            if (PaymentKinds.Of(payment).Settle(state, payment, operation))
            {
                events.Raise(EventTypes.PaymentSettled, payment);
            }
        }
    }

    /// <summary>Forgets what is not needed any more; the events have it.</summary>
    public void Prune()
    {
        var surplus = state.Payments.Count(p => p.IsOver()) - KeptTerminal;
        if (surplus > 0)
        {
            state.Payments.RemoveAll(p => p.IsOver() && surplus-- > 0);
        }
    }

    public void Signed(Submission submission)
    {
        foreach (var payment in In(submission))
        {
            PaymentTransitions.Move(payment, PaymentStatus.Signed);
            payment.TransactionHash = submission.PresentHash();
            payment.InnerHash = submission.InnerHash;
            payment.SequenceNumber = submission.SequenceNumber;
            payment.OperationIndex = submission.IndexOf(payment.Id);
            payment.Signings++;
            if (payment.Signings == 1)
            {
                Count(UserDay.Count(state, submission.SignedAt), payment, 1);
            }

            events.Raise(EventTypes.PaymentSigned, payment, SubmissionEvents.Signed(submission, payment));
        }
    }

    public void Bumped(Submission submission)
    {
        foreach (var payment in In(submission))
        {
            payment.TransactionHash = submission.PresentHash();
            events.Raise(EventTypes.PaymentFeeBumped, payment, SubmissionEvents.Bumped(submission, payment));
        }
    }

    /// <summary>The amounts stay reserved until the ledger's operations are applied.</summary>
    public void Landed(Submission submission, Landing landing)
    {
        foreach (var payment in In(submission))
        {
            PaymentTransitions.Move(payment, PaymentStatus.Succeeded);
            payment.TransactionHash = landing.TransactionHash ?? payment.TransactionHash;
            payment.Ledger = landing.Ledger;
            payment.CompletedAt = landing.At;
            PaymentKinds.Of(payment).Land(state, payment);
            events.Raise(EventTypes.PaymentSucceeded, payment, SubmissionEvents.Landed(
                submission, payment, (landing.OperationId >> OperationBits << OperationBits) + payment.OperationIndex + 1));
            invitations.Follow(payment, landing.At);
        }
    }

    /// <summary>
    /// Whose own operation is to blame fails for good; a payment that was alone does too, unless only the sequence number was
    /// wrong; the others wait again, until they have been tried often enough.
    /// </summary>
    public void Refused(Submission submission, Refusal refusal)
    {
        var (code, own, report) = (refusal.Code, refusal.OperationCodes, refusal.Report);
        var payments = In(submission);
        // One of them touches a frozen entry, and it is not said which: each is tried by itself, once.
        var suspects = own is null && payments.Count > 1 && FrozenEntries.IsCode(code);
        foreach (var payment in payments)
        {
            // What others spoil again and again is not to be tried among them for ever: each try is charged on the ledger.
            payment.Alone |= suspects || (own is not null && payment.Signings >= SubmissionBook.MaxSignings);
            var ownCode = OwnCode(submission, payment, own);
            PaymentKinds.Of(payment).Refuse(state, payment, ownCode ?? code, refusal);
            // A number that was used already, as a replica that is behind may tell us, is nobody's fault.
            var blameless = (payments.Count > 1 || report is { Ledger: null, Code: SubmissionDriver.BadSequence })
                && (own is null || ownCode == SubmissionBook.Succeeded);
            // A reserve that its sponsor had no XLM for in that ledger is the platform's fault too; the next signing finds another.
            var unsponsored = ownCode == LowReserve && PaymentKinds.Of(payment).NeedsSponsor && payment.Signings < MaxUnsponsored;
            var again = blameless && (own is not null || suspects || payment.Signings < SubmissionBook.MaxSignings);
            if (refusal.Unpaid)
            {
                // Nothing of it was tried.
                payment.Signings--;
                if (payment.Signings == 0 && UserDay.Find(state, submission.SignedAt) is { } day)
                {
                    Count(day, payment, -1);
                }
            }

            if (refusal.Unpaid || unsponsored || again)
            {
                Requeue(payment, submission, code, report.Ledger);
            }
            else
            {
                payment.TransactionHash = report.TransactionHash ?? payment.TransactionHash;
                Fail(payment, ownCode is null or SubmissionBook.Succeeded ? code : ownCode, report.Ledger, refusal.At, submission);
            }
        }
    }

    // Whoever was invited has a right to it: what keeps the sender from paying for a while defers it, and does not end it.
    private bool IsHeld(PaymentRecord payment) =>
        (state.Frozen is not null || WalletBalances.IsFrozen(state, payment.ReservedAsset)) && invitations.IsPaying(payment);

    private void Requeue(PaymentRecord payment, Submission submission, string code, long? ledger)
    {
        PaymentTransitions.Move(payment, PaymentStatus.Queued);
        var said = SubmissionEvents.Answered(submission, payment) with { Code = code, Ledger = ledger };
        (payment.TransactionHash, payment.InnerHash, payment.SequenceNumber, payment.OperationIndex) = (null, null, null, 0);
        events.Raise(EventTypes.PaymentRequeued, payment, said);
    }

    // What a payment was refused for is known, and that nothing of it will ever be on a ledger.
    private void Fail(PaymentRecord payment, string code, long? ledger, DateTimeOffset now, Submission submission)
    {
        PaymentTransitions.Move(payment, PaymentStatus.Failed);
        payment.FailureCode = code;
        payment.Ledger = ledger;
        if (ledger is not null && payment.Fee is not null)
        {
            UserDay.Count(state, now).Refused += payment.CountOperations();
        }

        End(payment, now);
        events.Raise(EventTypes.PaymentFailed, payment, SubmissionEvents.Answered(submission, payment));
    }

    private void End(PaymentRecord payment, DateTimeOffset now)
    {
        payment.CompletedAt = now;
        LimitLedger.Release(state, payment);
        invitations.Follow(payment, now);
    }

    private static void Count(UserDay day, PaymentRecord payment, int times)
    {
        day.Operations = Math.Max(0, day.Operations + (payment.Fee is null ? times * PaymentKinds.Of(payment).Operations : 0));
        day.Claimables = Math.Max(0, day.Claimables + (payment.Method == PaymentMethod.ClaimableBalance ? times : 0));
    }

    // What its fee was refused for, its payment was refused for.
    private static string? OwnCode(Submission submission, PaymentRecord payment, IReadOnlyList<string>? codes) =>
        codes is not null && payment.Fee is not null && codes[payment.OperationIndex] == SubmissionBook.Succeeded
        && submission.IndexOf(PaymentFee.SubjectOf(payment.Id)) is >= 0 and var fee
            ? codes[fee]
            : codes?[payment.OperationIndex];

    private static IEnumerable<PaymentRecord> Fitting(IEnumerable<PaymentRecord> payments)
    {
        var operations = 0;
        return payments.TakeWhile(payment => (operations += payment.CountOperations()) <= SubmissionBook.MaxOperations);
    }

    private static bool CanShare(PaymentRecord payment, PaymentRecord oldest) =>
        payment is { Status: PaymentStatus.Queued, Opening: null, Alone: false } && payment.SharesTermsWith(oldest)
        && PaymentKinds.Of(payment).SharesTransactions;

    // SEP-35: the low twelve bits count a transaction's operations from 1.
    private static int IndexOf(LedgerOperation operation) => (int)(operation.PagingToken & ((1 << OperationBits) - 1)) - 1;
}
