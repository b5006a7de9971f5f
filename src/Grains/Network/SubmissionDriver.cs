using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Network.Halts;

namespace StellarPay.Grains.Network;

/// <summary>A signed transaction on its way.</summary>
/// <param name="Source">The account whose sequence number it uses.</param>
/// <param name="Envelope">The envelope in base64 XDR: always the same bytes.</param>
/// <param name="Hash">Its hash in lower-case hex.</param>
/// <param name="SequenceNumber">The sequence number that it uses.</param>
/// <param name="MaxTime">The last moment, by the network's clock, at which a ledger may apply it.</param>
internal sealed record SignedTransaction(
    string Source, string Envelope, string Hash, long SequenceNumber, DateTimeOffset MaxTime);

/// <summary>
/// Submits one envelope until the ledger decides (design.md §5): the same envelope again and again, until a ledger holds
/// its hash, or until it can never be applied any more. Knows nothing of grains and their state.
/// </summary>
internal sealed partial class SubmissionDriver(
    INetworkGateway gateway, IPaymentGate gate, TimeProvider time, ILogger<SubmissionDriver> logger)
{
    /// <summary>Stellar's code of a transaction whose time bounds have passed.</summary>
    public const string TooLate = "tx_too_late";

    /// <summary>Stellar's code of a transaction whose sequence number is not the account's next.</summary>
    public const string BadSequence = "tx_bad_seq";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HaltedPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAskedPause = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Drives a transaction to its end, and gives the end: <see cref="SubmissionOutcome.Succeeded"/> or
    /// <see cref="SubmissionOutcome.Terminal"/>, and the latter only if it can never be applied.
    /// </summary>
    /// <param name="transaction">What to submit.</param>
    /// <param name="sentBefore">Whether the network may have it already, as after a restart.</param>
    /// <param name="acknowledged">Called once, when the network says that it has it.</param>
    /// <param name="cancellationToken">Ends the driving, not the transaction.</param>
    public async Task<SubmissionReport> DriveAsync(
        SignedTransaction transaction, bool sentBefore, Func<SubmissionReport, Task> acknowledged,
        CancellationToken cancellationToken)
    {
        var course = new Course { MayBeOut = sentBefore };
        for (var attempt = 0; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan? asked = null;
            try
            {
                await WaitUntilAllowedAsync(transaction, cancellationToken);
                if (course.MayBeOut && await LookAsync(transaction, course, cancellationToken) is { } decided)
                {
                    return decided;
                }

                var report = await gateway.SubmitAsync(transaction.Envelope, cancellationToken);
                LogAnswer(transaction.Hash, attempt, report.Outcome, report.Code);
                if (await JudgeAsync(transaction, report, course, cancellationToken) is { } end)
                {
                    return end;
                }

                asked = report.RetryAfter;
                if (report.Outcome == SubmissionOutcome.RetrySameEnvelope && asked is null && !course.Acknowledged)
                {
                    course.Acknowledged = true;
                    await acknowledged(report);
                }
            }
            catch (NetworkUnavailableException unavailable)
            {
                course.MayBeOut = true;
                LogUnavailable(transaction.Hash, unavailable.Message);
            }

            await Task.Delay(Pause(attempt, asked), time, cancellationToken);
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
            case SubmissionOutcome.Terminal:
                // A ledger may hold the failure: then its sequence number is used. If none does, and this was the first
                // time that the envelope left us, nobody else has it. Else a copy may still be on its way.
                var found = await gateway.FindTransactionAsync(transaction.Hash, cancellationToken);
                if (found is not null)
                {
                    return Report(found, report.Code);
                }

                var first = !course.MayBeOut;
                course.MayBeOut = true;
                return first ? report : null;
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
        var latest = await gateway.GetLatestLedgerAsync(cancellationToken);
        var account = course.SequenceInDoubt
            ? await gateway.GetAccountAsync(transaction.Source, cancellationToken)
            : null;
        var found = await gateway.FindTransactionAsync(transaction.Hash, cancellationToken);
        if (found is not null)
        {
            return Report(found, code: null);
        }

        if (latest.ClosedAt > transaction.MaxTime)
        {
            return new SubmissionReport(SubmissionOutcome.Terminal, TooLate);
        }

        // The account has used this number, or a later one, for something else: ours is worthless.
        return account is not null && account.Sequence >= transaction.SequenceNumber
            ? new SubmissionReport(SubmissionOutcome.Terminal, BadSequence)
            : null;
    }

    private static SubmissionReport Report(FoundTransaction found, string? code) => found.Successful
        ? new SubmissionReport(SubmissionOutcome.Succeeded, Ledger: found.Ledger)
        : new SubmissionReport(SubmissionOutcome.Terminal, found.Code ?? code, found.Ledger);

    private static TimeSpan Pause(int attempt, TimeSpan? asked)
    {
        var doubled = FirstPause * Math.Pow(2, Math.Min(attempt, 10));
        var pause = doubled < LongestPause ? doubled : LongestPause;
        // Spread, so that wallets that failed together do not come back together.
        pause *= RandomNumberGenerator.GetInt32(80, 121) / 100.0;
        return asked is { } wait && wait > pause ? (wait < LongestAskedPause ? wait : LongestAskedPause) : pause;
    }

    [LoggerMessage(1101, LogLevel.Debug, "Transaction {Hash}, attempt {Attempt}: the network answered {Outcome} {Code}.")]
    private partial void LogAnswer(string hash, int attempt, SubmissionOutcome outcome, string? code);

    [LoggerMessage(1102, LogLevel.Warning, "Transaction {Hash}: {Reason} It is tried again.")]
    private partial void LogUnavailable(string hash, string reason);

    [LoggerMessage(1103, LogLevel.Debug, "Transaction {Hash} waits: {Code}.")]
    private partial void LogHalted(string hash, string code);

    private sealed class Course
    {
        /// <summary>Whether the envelope may have reached the network.</summary>
        public bool MayBeOut { get; set; }

        public bool Acknowledged { get; set; }

        public bool SequenceInDoubt { get; set; }
    }
}
