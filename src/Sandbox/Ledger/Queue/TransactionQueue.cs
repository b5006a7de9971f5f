using System.Diagnostics.CodeAnalysis;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>What the queue says of a submission, in stellar-core's words.</summary>
internal enum SubmissionStatus
{
    Pending,
    Duplicate,
    Error,
    TryAgainLater,
}

/// <summary>The answer to a submission; with an error, its result.</summary>
internal sealed record Submission(SubmissionStatus Status, TransactionResult? Result = null)
{
    public static readonly Submission Pending = new(SubmissionStatus.Pending);
    public static readonly Submission Duplicate = new(SubmissionStatus.Duplicate);
    public static readonly Submission TryAgainLater = new(SubmissionStatus.TryAgainLater);
}

/// <summary>
/// Transactions that wait for the next ledger: one a source account, which a fee bump with ten times the fee rate may
/// replace. Not thread-safe: the network's lock guards it with the ledger.
/// </summary>
internal sealed class TransactionQueue(LedgerState state, TransactionValidator validator)
{
    /// <summary>How many times the fee rate a replacement must bid.</summary>
    public const int ReplacementFactor = 10;

    /// <summary>For how many ledgers a transaction may wait.</summary>
    public const int MaximumAge = 4;

    private readonly Dictionary<AccountId, Waiting> _waiting = [];
    private readonly Dictionary<AccountId, long> _fees = [];
    private readonly QueueLimiter _limiter = new();
    private readonly BanList _banned = new();

    public int Count => _waiting.Count;

    private long MaximumOperations => (long)state.Header.MaxTxSetSize * QueueLimiter.LedgersHeld;

    public bool IsWaiting(AccountId source) => _waiting.ContainsKey(source);

    /// <summary>The waiting transaction of an account.</summary>
    public bool TryGetWaiting(AccountId source, [NotNullWhen(true)] out TransactionFrame? frame)
    {
        frame = _waiting.GetValueOrDefault(source)?.Frame;
        return frame is not null;
    }

    /// <summary>Checks a transaction and, if it is valid, queues it for the next ledger.</summary>
    public Submission TryAdd(TransactionFrame frame, ValidationTime time)
    {
        if (_banned.Contains(frame.FullHash))
        {
            return Submission.TryAgainLater;
        }

        if (frame.FeeBid < 0)
        {
            return new Submission(SubmissionStatus.Error, validator.CheckValid(frame, time));
        }

        TransactionFrame? replaced = null;
        if (_waiting.TryGetValue(frame.Source, out var waiting)
            && RefusalBeside(waiting.Frame, frame, out replaced) is { } refusal)
        {
            return refusal;
        }

        var evicted = new List<TransactionFrame>();
        var (fits, feeNeeded) = _limiter.CanAdd(frame, replaced, MaximumOperations, evicted);
        if (!fits)
        {
            Ban(frame);
            return feeNeeded == 0
                ? Submission.TryAgainLater
                : Error(TransactionResultCode.InsufficientFee, feeNeeded);
        }

        var result = validator.CheckValid(frame, time);
        if (!result.IsSuccess)
        {
            return new Submission(SubmissionStatus.Error, result);
        }

        if (!CanPayFees(frame, replaced))
        {
            return Error(TransactionResultCode.InsufficientBalance, result.FeeCharged);
        }

        Insert(frame, replaced, evicted);
        return Submission.Pending;
    }

    /// <summary>
    /// What the next ledger takes if it closes at this time; what would be invalid then is dropped and banned.
    /// </summary>
    public TransactionSet ChooseFor(ulong closeTime)
    {
        var time = new ValidationTime(state.Header.Sequence + 1, closeTime, 0);
        BanInvalid(time);
        return TransactionSets.Choose(Candidates(), state.Header);
    }

    /// <summary>What waits, without those whose sequence number the next ledger forbids.</summary>
    public IReadOnlyList<TransactionFrame> Candidates()
    {
        var forbidden = SequenceRules.StartingSequence(state.Header.Sequence + 1);
        return [.. _waiting.Values.Select(waiting => waiting.Frame).Where(frame => frame.Sequence != forbidden)];
    }

    /// <summary>
    /// After a ledger closed: forgets what was applied, what waited too long and what became invalid.
    /// </summary>
    public void LedgerClosed(IEnumerable<TransactionFrame> applied, ValidationTime time)
    {
        RemoveApplied(applied);
        Shift();
        BanInvalid(time);
    }

    public void Ban(TransactionFrame frame)
    {
        _banned.Add(frame.FullHash);
        if (_waiting.TryGetValue(frame.Source, out var waiting) && waiting.Frame.FullHash == frame.FullHash)
        {
            Drop(waiting.Frame);
        }
    }

    /// <summary>
    /// What speaks against a transaction of an account that has one waiting; null if it may replace that.
    /// </summary>
    private static Submission? RefusalBeside(
        TransactionFrame waiting, TransactionFrame frame, out TransactionFrame? replaced)
    {
        replaced = null;
        if (!frame.IsFeeBump)
        {
            return IsDuplicate(waiting, frame) ? Submission.Duplicate : Submission.TryAgainLater;
        }

        if (frame.Sequence != waiting.Sequence)
        {
            var mayFollow = frame.MinSequence is { } least
                ? least <= waiting.Sequence && frame.Sequence > waiting.Sequence
                : frame.Sequence == waiting.Sequence + 1;
            return mayFollow ? Submission.TryAgainLater : Error(TransactionResultCode.BadSeq, 0);
        }

        if (IsDuplicate(waiting, frame))
        {
            return Submission.Duplicate;
        }

        var bid = WideMath.Multiply(frame.FeeBid, waiting.OperationCount);
        var least10 = WideMath.Multiply(waiting.FeeBid, frame.OperationCount) * ReplacementFactor;
        if (bid < least10)
        {
            return Error(
                TransactionResultCode.InsufficientFee, WideMath.DivideUpOrMaximum(least10, waiting.OperationCount));
        }

        replaced = waiting;
        return null;
    }

    private static bool IsDuplicate(TransactionFrame waiting, TransactionFrame frame) =>
        waiting.FullHash == frame.FullHash
        || (!frame.IsFeeBump && waiting.Inner is { } inner && inner.FullHash == frame.FullHash);

    private static Submission Error(TransactionResultCode code, long feeCharged) =>
        new(SubmissionStatus.Error, Results.Of(code, feeCharged));

    private bool CanPayFees(TransactionFrame frame, TransactionFrame? replaced)
    {
        var fee = frame.FeeBid;
        if (replaced is not null && replaced.FeeSource == frame.FeeSource)
        {
            fee -= replaced.FeeBid;
        }

        var available = BalanceRules.Available(state.Header, state.ExistingAccount(frame.FeeSource));
        return available - fee >= _fees.GetValueOrDefault(frame.FeeSource);
    }

    private void Insert(TransactionFrame frame, TransactionFrame? replaced, List<TransactionFrame> evicted)
    {
        var age = 0;
        if (replaced is not null)
        {
            age = _waiting[frame.Source].Age;
            Drop(replaced);
        }

        foreach (var cheaper in evicted)
        {
            _limiter.NoteEvicted(cheaper);
            Ban(cheaper);
            if (_limiter.HasRoomFor(frame, MaximumOperations))
            {
                break;
            }
        }

        _waiting.Add(frame.Source, new Waiting(frame) { Age = age });
        _fees[frame.FeeSource] = _fees.GetValueOrDefault(frame.FeeSource) + frame.FeeBid;
        _limiter.Add(frame);
    }

    private void Drop(TransactionFrame frame)
    {
        _waiting.Remove(frame.Source);
        _limiter.Remove(frame);
        var rest = _fees[frame.FeeSource] - frame.FeeBid;
        if (rest == 0)
        {
            _fees.Remove(frame.FeeSource);
        }
        else
        {
            _fees[frame.FeeSource] = rest;
        }
    }

    private void RemoveApplied(IEnumerable<TransactionFrame> applied)
    {
        foreach (var frame in applied)
        {
            if (_waiting.TryGetValue(frame.Source, out var waiting) && waiting.Frame.Sequence <= frame.Sequence)
            {
                Drop(waiting.Frame);
            }

            _banned.Add(frame.FullHash);
        }
    }

    private void BanInvalid(ValidationTime time)
    {
        foreach (var invalid in TransactionSets.FindInvalid(Candidates(), state, validator, time))
        {
            Ban(invalid);
        }
    }

    private void Shift()
    {
        _banned.Shift();
        foreach (var waiting in _waiting.Values.ToArray())
        {
            if (++waiting.Age == MaximumAge)
            {
                Ban(waiting.Frame);
            }
        }

        _limiter.ForgetEvictions();
    }

    private sealed class Waiting(TransactionFrame frame)
    {
        public TransactionFrame Frame { get; } = frame;

        public int Age { get; set; }
    }
}
