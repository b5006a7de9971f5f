using Microsoft.Extensions.Logging;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Accounts;

/// <summary>
/// Sends an account's transactions, one at a time (design.md §5): what signing needs is fetched beside the turns; signed and
/// stored is in a turn; and what is stored is submitted until the ledger decides. For one activation.
/// </summary>
internal sealed partial class AccountEngine(IAccountOwner owner, AccountServices services, ILogger logger)
{
    private SubmissionDrive? _drive;
    private FeeBumping? _bumping;
    private SubmissionLaunch? _launch;
    private bool _launching;
    private bool _launchAgain;

    /// <summary>Whether a transaction is being submitted.</summary>
    public bool IsDriving => _drive?.IsUnderWay is true;

    private SubmissionDrive Submitting => _drive ??= new SubmissionDrive(owner, services.Driver, services.Faults, logger);

    // Seldom needed.
    private FeeBumping Bumping => _bumping ??= new FeeBumping(owner, services, submission => Drive(submission, sentBefore: true), logger);

    private SubmissionLaunch Launch => _launch ??= new SubmissionLaunch(this, owner, services.Signer);

    private bool Waits => owner.Works.Any(work => work.Waits);

    /// <summary>Signs what waits, unless a transaction is under way. Says nothing of when.</summary>
    public void StartNext()
    {
        if (owner.Submissions.IsUnderWay || !Waits)
        {
            return;
        }

        if (_launching)
        {
            // What is under way may have looked before there was this to sign.
            _launchAgain = true;
            return;
        }

        (_launching, _launchAgain) = (true, false);
        owner.RunBeside(LaunchAsync);
    }

    /// <summary>Goes on with what is stored; nothing where that is being done.</summary>
    public void Resume()
    {
        if (owner.Account.Submission is { } submission)
        {
            Drive(submission, sentBefore: true);
        }
        else
        {
            StartNext();
        }
    }

    /// <summary>Calls off what runs beside the turns.</summary>
    public void Stop() => _drive?.Stop();

    /// <summary>What signing needs of the outside.</summary>
    public Task<Result<SigningFacts>> PrepareAsync(bool sponsored, CancellationToken cancellationToken) =>
        services.Facts.ReadAsync(owner, sponsored, cancellationToken);

    /// <summary>The signed transaction that carries a plan out. Changes nothing.</summary>
    public Task<Result<Submission>> SignAsync(SubmissionPlan plan, SigningFacts facts, CancellationToken cancellationToken) =>
        services.Signer.SignAsync(owner, services.Signer.Draft(owner, plan, facts), [], cancellationToken);

    /// <summary>
    /// Sends a transaction for something that does not wait: now, or not at all. From a call that interleaves, and never in a turn.
    /// </summary>
    /// <param name="work">What it is for.</param>
    /// <param name="cancellationToken">Cancels the call, not what it has stored.</param>
    /// <returns>What was stored, or why nothing was; null where another is under way.</returns>
    public Task<Result<Submission>?> SendAsync(IAccountWork work, CancellationToken cancellationToken) =>
        Launch.RunAsync([work], cancellationToken);

    /// <summary>
    /// Stores a signed transaction, with all that was changed for it, and then has it submitted: whatever happens from here on,
    /// it is this transaction or none.
    /// </summary>
    public async Task StartAsync(Submission submission)
    {
        owner.Submissions.Sign(submission);
        await owner.SaveAsync(owner.Faults.Persisting);
        LogSigned(owner.Key, submission.PresentHash(), submission.SequenceNumber, submission.Operations.Count);
        owner.Signed(submission);
        await services.Faults.HitAsync(owner.Faults.Signed, owner.Key);
        Drive(submission, sentBefore: false);
    }

    /// <summary>What the network answered to the present transaction, and is not stored yet.</summary>
    public IEnumerable<SubmissionAttempt> Answers(Submission submission) => _drive?.Answers(submission) ?? [];

    /// <summary>Takes what the network answered into the state; it goes with the write under way.</summary>
    public void TakeAnswers() => _drive?.TakeAnswers();

    /// <summary>After the inbox was drained: a transaction that is decided is submitted no more, and the next one follows.</summary>
    /// <param name="before">The transaction that was under way before.</param>
    public void AfterDraining(Submission? before)
    {
        if (before is null || owner.Account.Submission?.InnerHash == before.InnerHash)
        {
            return;
        }

        Stop();
        owner.Ended(before, code: null);
        StartNext();
    }

    private async Task LaunchAsync()
    {
        try
        {
            if (await Launch.RunAsync(owner.Works, CancellationToken.None) is { Error: { } error })
            {
                LogWaits(owner.Key, error.Message);
                owner.WakeSoon(services.FeePayers.PauseAfter(error));
            }
        }
        catch (Exception exception)
        {
            LogLaunchFailed(exception, owner.Key);
            owner.WakeSoon();
        }
        finally
        {
            _launching = false;
        }

        if (_launchAgain)
        {
            StartNext();
        }
    }

    private void Drive(Submission submission, bool sentBefore) => Submitting.Start(submission, sentBefore, AdvanceAsync);

    // In a turn: what was found out about a transaction beside the turns.
    private async Task AdvanceAsync(string hash, SubmissionReport report)
    {
        if (owner.Account.Submission is not { } submission || !submission.HasHash(hash))
        {
            return;
        }

        TakeAnswers();
        var isPresent = hash == submission.PresentHash();
        switch (report.Outcome)
        {
            case SubmissionOutcome.FeeTooLow when isPresent:
                services.Prices.Note(report.FeeNeededStroops, submission.Operations.Count);
                Bumping.Bid(submission.InnerHash, report.FeeNeededStroops);
                return;
            case SubmissionOutcome.PayerEmpty when isPresent:
                services.FeePayers.NoteEmpty(submission.Payer!);
                if (submission.Unpaid is null)
                {
                    submission.Unpaid = true;
                    await owner.SaveAsync();
                }

                Bumping.Repay(submission.InnerHash);
                return;
            case SubmissionOutcome.Succeeded:
                LearnEarly(submission);
                owner.Submissions.Land(report.Ledger, report.TransactionHash, owner.Now);
                break;
            // What was found out about a fee-bump that another has replaced says nothing of that one.
            case SubmissionOutcome.Terminal when isPresent:
                if (report.Ledger is not null)
                {
                    LearnEarly(submission);
                }

                owner.Submissions.Refuse(report, owner.Now);
                break;
            default:
                return;
        }

        await owner.SaveAsync();
        owner.Ended(submission, report.Outcome == SubmissionOutcome.Succeeded ? null : report.Code);
        StartNext();
    }

    // Its outcome row is still to come, where there are such.
    private void LearnEarly(Submission submission)
    {
        if (owner.HearsOutcomes)
        {
            owner.Submissions.LearnEarly(submission);
        }
    }

    [LoggerMessage(1040, LogLevel.Debug, "{Owner} signed transaction {Hash} of {Count} operations, sequence number {SequenceNumber}")]
    private partial void LogSigned(string owner, string hash, long sequenceNumber, int count);

    [LoggerMessage(1046, LogLevel.Warning, "What {Owner} has to sign waits: {Reason}")]
    private partial void LogWaits(string owner, string reason);

    [LoggerMessage(1047, LogLevel.Warning, "What {Owner} has to sign could not be signed; it is tried again")]
    private partial void LogLaunchFailed(Exception exception, string owner);
}
