using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Network;

/// <summary>
/// Submits one envelope until the ledger decides (design.md §5): the same envelope again and again, until a ledger holds
/// its hash, or until it can never be applied any more. While the network has it, it is left alone: the ledger's
/// operation usually arrives before the first look. Knows nothing of grains and their state.
/// </summary>
internal sealed partial class SubmissionDriver(
    INetworkGateway gateway, NetworkClock clock, ILedgerInbox inbox, IPaymentGate gate, TimeProvider time,
    IOptions<NetworkOptions> options, ILogger<SubmissionDriver> logger)
{
    /// <summary>Stellar's code of a transaction whose time bounds have passed.</summary>
    public const string TooLate = "tx_too_late";

    /// <summary>Stellar's code of a transaction whose sequence number is not the account's next.</summary>
    public const string BadSequence = "tx_bad_seq";

    /// <summary>Stellar's code of a transaction for which somebody has too little: of a fee-bump, its payer for the fee.</summary>
    public const string InsufficientBalance = "tx_insufficient_balance";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HaltedPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAskedPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestLookPause = TimeSpan.FromSeconds(15);

    private readonly TimeSpan _firstLook = TimeSpan.FromMilliseconds(options.Value.FirstLookMilliseconds);

    /// <summary>
    /// Drives a transaction to its end, and gives the end: <see cref="SubmissionOutcome.Succeeded"/> or
    /// <see cref="SubmissionOutcome.Terminal"/>, and the latter only if it can never be applied, nor any other fee-bump
    /// of it. Or <see cref="SubmissionOutcome.FeeTooLow"/> or <see cref="SubmissionOutcome.PayerEmpty"/>, where a fee-bump with
    /// a higher fee, or of another payer, is to replace it.
    /// </summary>
    /// <param name="transaction">What to submit.</param>
    /// <param name="sentBefore">Whether the network may have it, or another fee-bump of it, as after a restart.</param>
    /// <param name="watch">Who is told how it fares, if anybody.</param>
    /// <param name="cancellationToken">Ends the driving, not the transaction.</param>
    public async Task<SubmissionReport> DriveAsync(
        SignedTransaction transaction, bool sentBefore, ISubmissionWatch? watch, CancellationToken cancellationToken)
    {
        var end = await DriveAsync(transaction, new Course { MayBeOut = sentBefore }, watch, cancellationToken);
        if (FrozenEntries.IsCode(end.Code))
        {
            LogFrozen(transaction.Hash, end.Code!);
            SubmissionTelemetry.Alert(SubmissionTelemetry.FrozenKey);
        }

        return end;
    }

    private async Task<SubmissionReport> DriveAsync(
        SignedTransaction transaction, Course course, ISubmissionWatch? watch, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SubmissionReport? report = null;
            try
            {
                await WaitUntilAllowedAsync(transaction, cancellationToken);
                if (course.MayBeOut && await LookAsync(transaction, course, cancellationToken) is { } decided)
                {
                    return decided;
                }

                if (course.Held)
                {
                    await Task.Delay(Pause(course, report), time, cancellationToken);
                    continue;
                }

                report = await SubmitAsync(transaction, watch, cancellationToken);
                if (await JudgeAsync(transaction, report, course, cancellationToken) is { } end)
                {
                    return end;
                }

                if (report.Outcome == SubmissionOutcome.Pending && !course.Acknowledged)
                {
                    course.Acknowledged = true;
                    await (watch?.AcknowledgedAsync(report) ?? Task.CompletedTask);
                }
            }
            catch (NetworkUnavailableException unavailable)
            {
                course.MayBeOut = true;
                LogUnavailable(transaction.Hash, unavailable.Message);
            }

            await Task.Delay(Pause(course, report), time, cancellationToken);
        }
    }

    // While payments are halted nothing is submitted, and nothing is concluded from what the network says.
    private async Task WaitUntilAllowedAsync(SignedTransaction transaction, CancellationToken cancellationToken)
    {
        while (await gate.CheckAsync(cancellationToken) is { } refusal)
        {
            LogHalted(transaction.Hash, refusal.Code);
            await Task.Delay(HaltedPause, time, cancellationToken);
        }
    }

    private async Task<SubmissionReport> SubmitAsync(
        SignedTransaction transaction, ISubmissionWatch? watch, CancellationToken cancellationToken)
    {
        var report = await SubmissionTelemetry.TimedAsync(() => transaction.WaitsForLedger
            ? gateway.SubmitAsync(transaction.Envelope, cancellationToken)
            : gateway.SubmitWithoutWaitingAsync(transaction.Envelope, cancellationToken));
        LogAnswer(transaction.Hash, report.Outcome, report.Code);
        watch?.Answered(report);
        return report;
    }

    // The end that an answer means, or null where the same envelope must go on.
    private async Task<SubmissionReport?> JudgeAsync(
        SignedTransaction transaction, SubmissionReport report, Course course, CancellationToken cancellationToken)
    {
        switch (report.Outcome)
        {
            case SubmissionOutcome.Succeeded:
                return report;
            case SubmissionOutcome.Terminal when report.Ledger is not null:
                return report;
            case SubmissionOutcome.Terminal when report.Code == InsufficientBalance && transaction.InnerHash is not null:
                // Of a fee-bump this says that its payer has too little. The transaction inside is as good as before.
                return report with { Outcome = SubmissionOutcome.PayerEmpty };
            case SubmissionOutcome.Terminal:
                // A ledger may hold the failure: then its sequence number is used. If none does, and this was the first
                // time that the envelope left us, nobody else has it. Else a copy may still be on its way.
                var found = await gateway.FindTransactionAsync(transaction.LookUpHash, cancellationToken);
                if (found is not null)
                {
                    return Report(found, report.Code);
                }

                if (report.Code == TooLate)
                {
                    // What is signed in its place counts from a ledger of now, or it would be the same transaction, and too late again.
                    clock.Forget();
                }

                var first = !course.MayBeOut;
                course.MayBeOut = true;
                // A frozen entry is not thawed by asking again; whether a copy is on its way, the ledger tells.
                if (!first && FrozenEntries.IsCode(report.Code))
                {
                    (course.Held, course.SequenceInDoubt) = (true, true);
                }

                return first ? report : null;
            case SubmissionOutcome.FeeTooLow when transaction.BumpAfter is not null:
                return report;
            case SubmissionOutcome.Held:
                (course.MayBeOut, course.Held, course.SequenceInDoubt) = (true, true, true);
                LogHeld(transaction.Hash, report.Code ?? report.Reason ?? "no code");
                SubmissionTelemetry.Alert(SubmissionTelemetry.UnknownCode);
                return null;
            case SubmissionOutcome.Rebuild:
                course.MayBeOut = true;
                course.SequenceInDoubt = true;
                return await LookAsync(transaction, course, cancellationToken);
            default:
                course.MayBeOut = true;
                return null;
        }
    }

    // The order matters: what a ledger seen first has decided, the look that follows it finds.
    private async Task<SubmissionReport?> LookAsync(
        SignedTransaction transaction, Course course, CancellationToken cancellationToken)
    {
        var latest = await clock.GetAsync(cancellationToken);
        var account = course.SequenceInDoubt
            ? await gateway.GetAccountAsync(transaction.Source, cancellationToken)
            : null;
        var found = await gateway.FindTransactionAsync(transaction.LookUpHash, cancellationToken);
        if (found is not null)
        {
            return Report(found, code: null);
        }

        if (await NeverAsync(transaction, latest, account, cancellationToken) is { } never)
        {
            return never;
        }

        return !course.Held && latest.ClosedAt > transaction.BumpAfter && latest.ClosedAt <= transaction.MaxTime
            ? new SubmissionReport(SubmissionOutcome.FeeTooLow)
            : null;
    }

    // That a transaction was not found proves nothing: of several replicas the one that was asked may be behind the one
    // that told the time. What the follower has written does: it reads every ledger, and writes how each transaction of ours
    // ended together with its watermark, so that one look at both tells.
    private async Task<SubmissionReport?> NeverAsync(
        SignedTransaction transaction, LedgerClose latest, NetworkAccount? account, CancellationToken cancellationToken)
    {
        var tooLate = latest.ClosedAt > transaction.MaxTime;
        // The account has used this number, or a later one, for something else: ours is worthless.
        var used = account is not null && account.Sequence >= transaction.SequenceNumber;
        if (!tooLate && !used)
        {
            return null;
        }

        var written = await inbox.FindOutcomeAsync(transaction.Source, transaction.AllHashes(), cancellationToken);
        if (written.Outcome is { } outcome)
        {
            return Report(
                new FoundTransaction(outcome.Successful, outcome.Ledger, outcome.Code, outcome.OperationCodes, outcome.TransactionHash),
                code: null);
        }

        if (written.InDoubt)
        {
            LogInDoubt(transaction.Hash);
            return null;
        }

        if (written.Watermark is not { } followed)
        {
            return null;
        }

        return used && followed.Sequence >= account!.LastModifiedLedger
            ? new SubmissionReport(SubmissionOutcome.Terminal, BadSequence)
            : tooLate && followed.ClosedAt > transaction.MaxTime
                ? new SubmissionReport(SubmissionOutcome.Terminal, TooLate)
                : null;
    }

    private static SubmissionReport Report(FoundTransaction found, string? code) => found.Successful
        ? new SubmissionReport(SubmissionOutcome.Succeeded, Ledger: found.Ledger, TransactionHash: found.Hash)
        : new SubmissionReport(
            SubmissionOutcome.Terminal, found.Code ?? code, found.Ledger, OperationCodes: found.OperationCodes,
            TransactionHash: found.Hash);

    // What the network has needs a ledger; what it has not, or perhaps not, needs another try soon.
    private TimeSpan Pause(Course course, SubmissionReport? report)
    {
        var has = course.Held || report?.Outcome == SubmissionOutcome.Pending;
        var (first, longest, times) = has
            ? (_firstLook, LongestLookPause, course.Waits++)
            : (FirstPause, LongestPause, course.Tries++);
        var doubled = first * Math.Pow(2, Math.Min(times, 10));
        var pause = doubled < longest ? doubled : longest;
        // Spread, so that wallets that failed together do not come back together.
        pause *= RandomNumberGenerator.GetInt32(80, 121) / 100.0;
        return report?.RetryAfter is { } wait && wait > pause ? (wait < LongestAskedPause ? wait : LongestAskedPause) : pause;
    }

    [LoggerMessage(1101, LogLevel.Debug, "Transaction {Hash}: the network answered {Outcome} {Code}.")]
    private partial void LogAnswer(string hash, SubmissionOutcome outcome, string? code);

    [LoggerMessage(1102, LogLevel.Warning, "Transaction {Hash}: {Reason} It is tried again.")]
    private partial void LogUnavailable(string hash, string reason);

    [LoggerMessage(1104, LogLevel.Critical,
        "Transaction {Hash} waits: a ledger holds something of its account that cannot be read, and that may be it.")]
    private partial void LogInDoubt(string hash);

    [LoggerMessage(1105, LogLevel.Critical,
        "Transaction {Hash} is held: the network answered with {Code}, which is not known here. It is not sent again; a ledger decides.")]
    private partial void LogHeld(string hash, string code);

    [LoggerMessage(1106, LogLevel.Critical, "Transaction {Hash} cannot be applied: it touches a ledger entry that is frozen ({Code}).")]
    private partial void LogFrozen(string hash, string code);

    [LoggerMessage(1103, LogLevel.Debug, "Transaction {Hash} waits: {Code}.")]
    private partial void LogHalted(string hash, string code);

    private sealed class Course
    {
        /// <summary>Whether the envelope may have reached the network.</summary>
        public bool MayBeOut { get; set; }

        public bool Acknowledged { get; set; }

        /// <summary>Whether it is sent no more, and only looked for.</summary>
        public bool Held { get; set; }

        public bool SequenceInDoubt { get; set; }

        /// <summary>How often a ledger was waited for.</summary>
        public int Waits { get; set; }

        /// <summary>How often the envelope was not taken, or perhaps not.</summary>
        public int Tries { get; set; }
    }
}
