using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// A platform account that sends one transaction at a time, stored before it is submitted: the driving of its
/// transaction beside the turns.
/// </summary>
internal abstract partial class DrivenPlatformGrain<TState>(
    IPersistentState<TState> storage, PlatformAccountServices account, ILogger logger)
    : PlatformKeyGrain<TState>(storage, account, logger)
    where TState : class, IPlatformAccountState
{
    /// <summary>After how long a stored wake-up looks whether the driving has ended.</summary>
    protected static readonly TimeSpan ResumeAfter = TimeSpan.FromSeconds(10);

    private CancellationTokenSource? _driving;

    protected Task StoreAsync(Action<TState> change)
    {
        change(State);
        return WriteAsync();
    }

    protected override void StopBesideWork() => _driving?.Cancel();

    /// <summary>Tells the grain, in a turn of its own, how its transaction ended.</summary>
    protected abstract Task TellAsync(string transactionHash, SubmissionReport report);

    /// <summary>Submits until the ledger decides, unless that is being done.</summary>
    /// <param name="transaction">What is stored.</param>
    /// <param name="sentBefore">Whether the network may have it.</param>
    protected void Drive(SignedTransaction transaction, bool sentBefore)
    {
        if (_driving is not null)
        {
            return;
        }

        var driving = new CancellationTokenSource();
        _driving = driving;
        RunBeside(() => DriveAsync(transaction, sentBefore, driving));
    }

    private async Task DriveAsync(SignedTransaction transaction, bool sentBefore, CancellationTokenSource driving)
    {
        try
        {
            var report = await Account.Engine.Driver.DriveAsync(transaction, sentBefore, watch: null, driving.Token);
            // Decided: what is stored next may be driven while this is being told.
            _driving = null;
            await TellAsync(transaction.Hash, report);
        }
        catch (Exception exception)
        {
            // The wake-up that is stored begins again.
            LogDrivingFailed(Logger, exception, transaction.Hash);
        }
        finally
        {
            if (ReferenceEquals(_driving, driving))
            {
                _driving = null;
            }

            driving.Dispose();
        }
    }

    [LoggerMessage(1342, LogLevel.Warning, "Driving of transaction {Hash} stopped; a wake-up resumes it.")]
    private static partial void LogDrivingFailed(ILogger logger, Exception exception, string hash);
}
