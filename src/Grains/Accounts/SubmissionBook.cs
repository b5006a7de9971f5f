using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Accounts;

/// <summary>
/// What becomes of an account's transactions, of which one at a time is signed and not decided. Touches nothing but the state;
/// to whom a transaction's operations belong is told.
/// </summary>
internal sealed class SubmissionBook(IAccountState state, IReadOnlyList<ISubmissionParty> parties)
{
    /// <summary>The most operations that the network takes in one transaction.</summary>
    public const int MaxOperations = 100;

    /// <summary>In how many transactions something is tried that fails as a part of one for no fault of its own.</summary>
    public const int MaxSignings = 3;

    /// <summary>Stellar's code of an operation that succeeded.</summary>
    public const string Succeeded = "op_success";

    // Each is of a transaction whose rows the inbox is about to bring.
    private const int MaxLearntEarly = 16;

    /// <summary>Whether a transaction is signed and not decided.</summary>
    public bool IsUnderWay => state.Submission is not null;

    /// <summary>A transaction is signed; its sequence number is used from now on.</summary>
    public void Sign(Submission submission)
    {
        if (state.Submission is not null)
        {
            throw new InvalidOperationException($"Account {state.Address} cannot sign: a transaction is under way.");
        }

        (state.Submission, state.SequenceNumber) = (submission, submission.SequenceNumber);
        foreach (var party in parties)
        {
            party.Signed(submission);
        }
    }

    /// <summary>The same transaction in a new fee-bump, which replaces the one before.</summary>
    public void Bump(string envelope, string hash, long feeStroops, DateTimeOffset? bumpAfter)
    {
        var submission = state.Submission!;
        submission.Envelope = envelope;
        // The same payer at the same bid gives the same hash again.
        if (!submission.Hashes.Remove(hash) && feeStroops == submission.FeeStroops)
        {
            submission.Repaid = (submission.Repaid ?? 0) + 1;
        }

        submission.Hashes.Add(hash);
        submission.FeeStroops = feeStroops;
        submission.BumpAfter = bumpAfter;
        foreach (var party in parties)
        {
            party.Bumped(submission);
        }
    }

    /// <summary>The transaction is on the ledger.</summary>
    public void Land(long? ledger, string? transactionHash, DateTimeOffset now, long? operationId = null)
    {
        var submission = state.Submission!;
        var landing = new Landing(ledger, transactionHash, operationId, now);
        foreach (var party in parties)
        {
            party.Landed(submission, landing);
        }

        state.Submission = null;
    }

    /// <summary>The transaction can never be applied, or a ledger holds its failure.</summary>
    public void Refuse(SubmissionReport report, DateTimeOffset now)
    {
        var submission = state.Submission!;
        // A ledger that holds the failure has used the number; otherwise only the network knows which is next.
        state.SequenceNumber = report.Ledger is null || report.Code == SubmissionDriver.BadSequence ? null : submission.SequenceNumber;
        var codes = report.OperationCodes is { } own && own.Length == submission.Operations.Count ? own : null;
        var unpaid = submission.Unpaid is true && report.Ledger is null && codes is null;
        var refusal = new Refusal(report.Code ?? "tx_failed", codes, report, now, unpaid);
        foreach (var party in parties)
        {
            party.Refused(submission, refusal);
        }

        state.Submission = null;
    }

    /// <summary>The end of a transaction is learnt from the network, before the inbox tells it.</summary>
    public void LearnEarly(Submission submission)
    {
        var learnt = state.LearntEarly ??= [];
        if (learnt.Count == MaxLearntEarly)
        {
            // The follower is far behind. All numbers up to this one were used by transactions of the owner's.
            learnt.Clear();
            state.LearntThrough = submission.SequenceNumber;
        }

        learnt.Add(submission.InnerHash);
    }

    /// <summary>Whether a transaction used this account and is none that its owner made.</summary>
    public bool IsForeign(LedgerOutcome outcome) => (outcome.Source == state.Address || outcome.FeeAccount == state.Address)
        && !(state.Submission?.HasHash(outcome.LookUpHash) ?? false) && state.LearntEarly?.Contains(outcome.LookUpHash) is not true
        && !(outcome.Source == state.Address && outcome.SequenceNumber <= state.LearntThrough);

    /// <summary>Takes in how a transaction ended that used this account.</summary>
    public void Take(LedgerOutcome outcome, DateTimeOffset now)
    {
        if (state.Submission is { } submission && submission.HasHash(outcome.LookUpHash))
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

    /// <summary>An operation of the ledger: if it is of the transaction under way, that one is on the ledger whole.</summary>
    public void Take(LedgerOperation operation, DateTimeOffset now)
    {
        if (state.Submission is { } submission
            && (submission.HasHash(operation.TransactionHash) || submission.HasHash(operation.InnerTransactionHash)))
        {
            Land(operation.Ledger, operation.TransactionHash, now, operation.PagingToken);
        }
    }

    // Whoever made it has used a sequence number of this account: what is under way with that number can never be applied.
    private void TakeForeign(LedgerOutcome outcome, DateTimeOffset now)
    {
        if (outcome.Source != state.Address)
        {
            return;
        }

        if (state.Submission is { } submission && submission.SequenceNumber <= outcome.SequenceNumber)
        {
            Refuse(new SubmissionReport(SubmissionOutcome.Terminal, SubmissionDriver.BadSequence), now);
        }
        else if (state.Submission is null)
        {
            state.SequenceNumber = null;
        }
    }

    private static SubmissionReport ReportOf(LedgerOutcome outcome) => new(
        SubmissionOutcome.Terminal, outcome.Code, outcome.Ledger, OperationCodes: outcome.OperationCodes,
        TransactionHash: outcome.TransactionHash);
}
