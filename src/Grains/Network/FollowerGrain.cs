using Microsoft.Extensions.Logging;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Network;

/// <summary>
/// Reads the network ledger by ledger and hands what moves balances to the wallets; the stored watermark moves only
/// after they have a batch of whole ledgers. What passes holds the watermark: the batch comes again until it does not,
/// and wallets pass over what they have. What does not pass is parked, and the rest goes on.
/// </summary>
internal sealed partial class FollowerGrain(
    [PersistentState(GrainState.Follower, GrainState.Provider)] IPersistentState<FollowerState> storage,
    FollowerServices services,
    ILogger<FollowerGrain> logger) : Grain, IFollowerGrain, IRemindable
{
    private const string Reminder = "follow";
    private const int LedgerShift = 32;

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private CancellationTokenSource? _reading;
    private LedgerMark? _latest;
    private int _parked;

    private FollowerState State => storage.State;

    public async Task StartAsync()
    {
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        EnsureReading();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        EnsureReading();
        return Task.CompletedTask;
    }

    public Task<FollowerStatus> GetStatusAsync()
    {
        var latest = _latest;
        var behind = latest is not null && latest.Sequence > State.LastLedger;
        var lag = behind && State.LastClosedAt is { } last ? (long)(latest!.ClosedAt - last).TotalSeconds : 0;
        return Task.FromResult(new FollowerStatus(
            State.Cursor ?? 0, State.LastLedger, _reading is not null, latest?.Sequence ?? 0,
            behind ? latest!.Sequence - State.LastLedger : 0, lag, _parked, _halt?.Reason));
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _reading?.Cancel();
        _reading = null;
        FollowerTelemetry.Left();
        return Task.CompletedTask;
    }

    private void EnsureReading()
    {
        if (_reading is not null)
        {
            return;
        }

        var reading = new CancellationTokenSource();
        _reading = reading;
        // Beside the turns, on the grain's own scheduler; without the caller's context, which ends with the call.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Factory.StartNew(
                () => ReadAsync(reading), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current);
        }
    }

    private async Task ReadAsync(CancellationTokenSource reading)
    {
        var pause = FirstPause;
        try
        {
            while (!reading.IsCancellationRequested)
            {
                var ledger = State.LastLedger;
                try
                {
                    await FollowAsync(reading.Token);
                }
                catch (CursorNotStoredException failed)
                {
                    // Another activation may be at work, or have been until now: on from what is stored.
                    LogStoreFailed(failed.InnerException!);
                    await storage.ReadStateAsync();
                }
                catch (Exception exception) when (!reading.IsCancellationRequested)
                {
                    LogReadingFailed(exception, State.Cursor);
                }

                pause = State.LastLedger > ledger ? FirstPause : pause;
                await Task.Delay(pause, services.Time, reading.Token);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException)
        {
            LogStopped(State.Cursor);
        }
        catch (Exception exception)
        {
            // What is stored cannot even be read: the reminder starts again.
            LogStoreFailed(exception);
            DeactivateOnIdle();
        }
        finally
        {
            if (ReferenceEquals(_reading, reading))
            {
                _reading = null;
            }

            reading.Dispose();
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await WaitWhileHaltedAsync(cancellationToken);
        _parked = await services.Parked.CountOpenAsync(cancellationToken);
        var after = await WatermarkAsync(cancellationToken);
        try
        {
            await foreach (var batch in services.Feed.ReadAsync(after, cancellationToken))
            {
                _latest = batch.Latest;
                await RequireSameNetworkAsync(batch, cancellationToken);
                if (batch.Ledgers.Count > 0)
                {
                    await TakeAsync(batch, cancellationToken);
                }

                FollowerTelemetry.Stands(batch.Latest, State.LastLedger, State.LastClosedAt);
            }
        }
        catch (NetworkHaltedException)
        {
            // The next round waits for the operator.
        }
    }

    // The ledger after which to read.
    private async Task<long> WatermarkAsync(CancellationToken cancellationToken)
    {
        switch (State)
        {
            case { Cursor: null } when services.Network.StartCursor == "now":
                var latest = await services.Feed.GetLatestAsync(cancellationToken);
                await SetAnchorsAsync(latest, cancellationToken);
                await StoreAsync(latest);
                return latest.Sequence;
            case { Cursor: null }:
                return 0;
            default:
                return State.LastLedger;
        }
    }

    private async Task StoreAsync(LedgerMark last)
    {
        State.Cursor = ((last.Sequence + 1) << LedgerShift) - 1;
        State.LastLedger = last.Sequence;
        State.LastLedgerHash = last.Hash;
        State.LastClosedAt = last.ClosedAt;
        try
        {
            await storage.WriteStateAsync();
        }
        catch (Exception exception)
        {
            throw new CursorNotStoredException(exception);
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "Reading the network failed after cursor {Cursor}; it begins again there.")]
    private partial void LogReadingFailed(Exception exception, long? cursor);

    [LoggerMessage(1302, LogLevel.Debug, "Reading the network stopped at cursor {Cursor}.")]
    private partial void LogStopped(long? cursor);

    [LoggerMessage(1303, LogLevel.Error, "The follower's watermark could not be stored or read; it begins again from what is stored.")]
    private partial void LogStoreFailed(Exception exception);
}
