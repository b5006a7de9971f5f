using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Network;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Accounts;

/// <summary>
/// Has a stored transaction submitted, beside its owner's turns, and keeps what the network answers until a write of the owner
/// takes it along. One at a time.
/// </summary>
internal sealed partial class SubmissionDrive(
    IAccountOwner owner, SubmissionDriver driver, IFaultPoints faults, ILogger logger)
{
    private readonly List<(string Hash, SubmissionAttempt Attempt)> _answers = [];
    private Run? _run;

    private DateTimeOffset Now => owner.Now;

    /// <summary>Whether a transaction is being submitted.</summary>
    public bool IsUnderWay => _run is not null;

    /// <summary>Submits a transaction until the ledger decides, unless that is being done.</summary>
    /// <param name="submission">What is stored.</param>
    /// <param name="sentBefore">Whether the network may have it.</param>
    /// <param name="advance">Is told the end, in a turn.</param>
    public void Start(Submission submission, bool sentBefore, Func<string, SubmissionReport, Task> advance)
    {
        var transaction = submission.ToTransaction(owner.Account.Address, waitsForLedger: !owner.HearsOutcomes);
        if (_run?.Hash == transaction.Hash)
        {
            return;
        }

        Stop();
        var run = new Run(transaction.Hash, this, owner.Traces());
        _run = run;
        owner.RunBeside(() => DriveAsync(run, transaction, sentBefore, advance));
    }

    /// <summary>Ends the submitting, not the transaction.</summary>
    public void Stop()
    {
        _run?.Stop.Cancel();
        _run = null;
    }

    /// <summary>What the network answered to a transaction, and is not stored yet.</summary>
    public IEnumerable<SubmissionAttempt> Answers(Submission submission) => _answers
        .Where(answer => submission.Hashes.Contains(answer.Hash))
        .Select(answer => answer.Attempt with { Bid = submission.Hashes.IndexOf(answer.Hash) });

    /// <summary>Takes the answers into the state.</summary>
    public void TakeAnswers()
    {
        if (owner.Account.Submission is { } submission)
        {
            foreach (var answer in Answers(submission))
            {
                submission.Note(answer);
            }
        }

        _answers.Clear();
    }

    // Reads and writes nothing of the state.
    private async Task DriveAsync(
        Run run, SignedTransaction transaction, bool sentBefore, Func<string, SubmissionReport, Task> advance)
    {
        using var span = PaymentTelemetry.Drive(transaction.Hash, run.Traces);
        try
        {
            var report = await driver.DriveAsync(transaction, sentBefore, run, run.Stop.Token);
            await HitAsync();
            Forget(run);
            await owner.InTurnAsync(() => advance(transaction.Hash, report));
        }
        catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
        {
            LogStopped(transaction.Hash, owner.Key);
        }
        catch (Exception exception)
        {
            // The wake-up that the stored state asks for begins again.
            LogFailed(exception, transaction.Hash, owner.Key);
        }
        finally
        {
            Forget(run);
            run.Stop.Dispose();
        }
    }

    // The network has answered; the owner does not know yet.
    private Task HitAsync() => faults.HitAsync(owner.Faults.Answered, owner.Key);

    private void Forget(Run run)
    {
        if (ReferenceEquals(_run, run))
        {
            _run = null;
        }
    }

    [LoggerMessage(1010, LogLevel.Debug, "Submitting transaction {Hash} of {Owner} stopped")]
    private partial void LogStopped(string hash, string owner);

    [LoggerMessage(1011, LogLevel.Warning, "Submitting transaction {Hash} of {Owner} failed; a wake-up resumes it")]
    private partial void LogFailed(Exception exception, string hash, string owner);

    private sealed class Run(string hash, SubmissionDrive drive, string[] traces) : ISubmissionWatch
    {
        public string Hash { get; } = hash;

        public string[] Traces { get; } = traces;

        public CancellationTokenSource Stop { get; } = new();

        public void Answered(SubmissionReport report)
        {
            // Of very many answers the latest count; the stored ones are bounded too.
            if (drive._answers.Count == Submission.MaxAttempts)
            {
                drive._answers.RemoveAt(Submission.MaxAttempts / 2);
            }

            drive._answers.Add((Hash, new SubmissionAttempt(drive.Now, Bid: 0, report.Outcome, report.Code)));
        }

        public Task AcknowledgedAsync(SubmissionReport report) => drive.HitAsync();
    }
}
