using StellarPay.Sandbox.Admin.Faults;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Network;

/// <summary>
/// The running network: takes transactions, closes ledgers and shows their state and history. One lock guards the ledger
/// and the queue; whatever waits for a ledger waits outside of it.
/// </summary>
internal sealed partial class SandboxNetwork : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly LedgerSignal _signal = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SandboxOptions _options;
    private readonly ILogger<SandboxNetwork> _logger;
    private readonly Hash _networkId;
    private readonly LedgerBook _book;
    private readonly CloseLoop _loop;

    public SandboxNetwork(SandboxOptions options, TimeProvider time, ILogger<SandboxNetwork> logger)
    {
        _options = options;
        _logger = logger;
        Identity = new StellarNetwork(options.Passphrase);
        _networkId = Identity.Id;
        Keys = SandboxKeys.Of(Identity);
        Clock = new SandboxClock(time);
        OwnTransactions = new SystemTransactions(Identity);
        _book = new LedgerBook(options, Identity, Keys);
        _book.Open((ulong)Clock.Now.ToUnixTimeSeconds());
        Clock.NotBefore(_book.History.Latest.ClosedAt);
        _signal.Closed(_book.History.Latest.Sequence);
        _loop = new CloseLoop(options.CloseInterval, time, () => CloseLedger(), exception => LogCloseFailed(exception));
        if (options.StartPaused)
        {
            _loop.Pause();
        }
    }

    public StellarNetwork Identity { get; }

    public SandboxKeys Keys { get; }

    public SandboxClock Clock { get; }

    public FaultBoard Faults { get; } = new();

    public SystemTransactions OwnTransactions { get; }

    public SandboxOptions Options => _options;

    public HistoryIndex History => _book.History;

    public CancellationToken Stopping => _stopping.Token;

    public uint LatestLedger => _signal.Latest;

    public bool ClockStopped => _loop.Paused;

    public void Start() => _loop.Start();

    public void StopClock() => _loop.Pause();

    public void ResumeClock() => _loop.Resume();

    /// <summary>Completes once the latest ledger is another than the given one.</summary>
    public Task LedgerAfterAsync(uint sequence, CancellationToken cancellation) =>
        _signal.AfterAsync(sequence, cancellation);

    /// <summary>Looks at the entries as they were after the given ledger, or are now if that is not yet closed.</summary>
    public T Read<T>(uint asOf, Func<StateView, T> look)
    {
        lock (_gate)
        {
            return look(_book.View(asOf));
        }
    }

    /// <summary>Checks a transaction and queues it for the next ledger.</summary>
    public Submission Submit(TransactionFrame frame)
    {
        lock (_gate)
        {
            var submission = _book.Queue.TryAdd(frame, NextLedger());
            if (submission.Status == SubmissionStatus.Pending)
            {
                WorkArrived();
            }

            return submission;
        }
    }

    public TransactionFrame FrameOf(TransactionEnvelope envelope) =>
        new TransactionFrame(_networkId, envelope).WithOwnKeysVerified();

    /// <summary>Wakes the loop where ledgers close on demand.</summary>
    public void WorkArrived() => _loop.WorkArrived();

    /// <summary>Closes the next ledger now.</summary>
    public HistoryLedger CloseLedger()
    {
        SystemTransactions.Batch system;
        HistoryLedger closed;
        lock (_gate)
        {
            var now = Math.Max((ulong)Clock.Now.ToUnixTimeSeconds(), _book.State.Header.CloseTime);
            var set = Choose(now);
            system = OwnTransactions.Take(_book.View(uint.MaxValue), set.Transactions);
            set = set with { Transactions = [.. set.Transactions, .. system.Frames] };
            closed = _book.Close(now, set);
            _book.Queue.LedgerClosed(set.Transactions, NextLedger());
        }

        _signal.Closed(closed.Sequence);
        system.Complete(History);
        if (_options.CloseInterval == TimeSpan.Zero && HasWork())
        {
            WorkArrived();
        }

        return closed;
    }

    /// <summary>Begins again with the first ledger, as the public test network does every few months.</summary>
    public void Reset()
    {
        uint latest;
        lock (_gate)
        {
            Clock.Reset();
            _book.Reset((ulong)Clock.Now.ToUnixTimeSeconds());
            latest = History.Latest.Sequence;
        }

        _signal.Closed(latest);
    }

    /// <summary>Ends the streams and the submissions that wait.</summary>
    public void Stop() => _stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _loop.DisposeAsync();
        lock (_gate)
        {
            _book.Dispose();
            Keys.Dispose();
        }

        _stopping.Dispose();
    }

    private TransactionSet Choose(ulong closeTime)
    {
        var candidates = Faults.TakeFullLedger() ? [] : _book.Queue.Candidates();
        var at = new ValidationTime(_book.State.Header.Sequence + 1, closeTime, 0);
        var invalid = TransactionSets.FindInvalid(candidates, _book.State, _book.Validator, at);
        foreach (var frame in invalid)
        {
            _book.Queue.Ban(frame);
        }

        return TransactionSets.Choose(candidates.Except(invalid), _book.State.Header);
    }

    private bool HasWork()
    {
        lock (_gate)
        {
            return OwnTransactions.Count > 0 || _book.Queue.Count > 0;
        }
    }

    private ValidationTime NextLedger() => ValidationTime.ForNextLedger(
        _book.State.Header,
        (ulong)Clock.Now.ToUnixTimeSeconds(),
        (ulong)Math.Ceiling(_options.CloseInterval.TotalSeconds));

    [LoggerMessage(3101, LogLevel.Critical, "A ledger could not be closed; the next tick tries again.")]
    private partial void LogCloseFailed(Exception exception);
}
