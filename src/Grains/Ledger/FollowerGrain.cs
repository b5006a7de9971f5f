using Microsoft.Extensions.Logging;
using StellarPay.Grains.Network;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// Reads the network ledger by ledger and writes what concerns owners of ours into their inboxes, with the watermark, in
/// one transaction. Waits for no owner: nothing that one of them does, or a stranger, holds another. Keeps no state: what
/// is alive twice for a moment is fenced by the watermark's row.
/// </summary>
internal sealed partial class FollowerGrain(FollowerServices services, ILogger<FollowerGrain> logger)
    : Grain, IFollowerGrain, IFollowerInternal, IRemindable
{
    private const string Reminder = "follow";
    private const int LedgerShift = 32;
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private CancellationTokenSource? _reading;
    private LedgerWatermark? _watermark;
    private LedgerMark? _latest;
    private long _unreadable;

    public async Task StartAsync()
    {
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        EnsureReading();
    }

    public Task PokeAsync()
    {
        EnsureReading();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => PokeAsync();

    public async Task<FollowerStatus> GetStatusAsync()
    {
        var (latest, watermark) = (_latest, _watermark);
        var behind = latest is not null && watermark is not null && latest.Sequence > watermark.Ledger;
        return new FollowerStatus(
            watermark is null ? 0 : ((watermark.Ledger + 1) << LedgerShift) - 1,
            watermark?.Ledger ?? 0,
            _reading is not null,
            latest?.Sequence ?? 0,
            behind ? latest!.Sequence - watermark!.Ledger : 0,
            behind ? (long)(latest!.ClosedAt - watermark!.ClosedAt).TotalSeconds : 0,
            await services.Parked.CountOpenAsync(CancellationToken.None),
            services.Identity.Halt?.Reason,
            await services.SetAside.CountOpenAsync(CancellationToken.None));
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
                var before = _watermark?.Ledger;
                try
                {
                    await FollowAsync(reading.Token);
                }
                catch (NetworkHaltedException)
                {
                    // The next round waits for the operator.
                }
                catch (Exception exception) when (!reading.IsCancellationRequested)
                {
                    LogReadingFailed(exception, _watermark?.Ledger);
                }

                pause = _watermark?.Ledger > before ? FirstPause : pause;
                await Task.Delay(pause, services.Time, reading.Token);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException)
        {
            LogStopped(_watermark?.Ledger);
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
        await services.Identity.WaitWhileHaltedAsync(cancellationToken);
        _watermark = await services.Inbox.GetWatermarkAsync(cancellationToken) ?? await BeginAsync(cancellationToken);
        await foreach (var batch in services.Feed.ReadAsync(_watermark?.Ledger ?? 0, cancellationToken))
        {
            _latest = batch.Latest;
            if (_watermark is not null)
            {
                await services.Identity.RequireSameAsync(_watermark, batch, cancellationToken);
            }

            if (batch.Ledgers.Count > 0 && !await DeliverAsync(batch, cancellationToken))
            {
                return;
            }
        }
    }

    // Null where the network's first ledger is the first to be read.
    private async Task<LedgerWatermark?> BeginAsync(CancellationToken cancellationToken)
    {
        if (services.StartsAtBeginning)
        {
            return null;
        }

        var latest = await services.Feed.GetLatestAsync(cancellationToken);
        var anchors = await services.Identity.AnchorsAtStartAsync(latest, cancellationToken);
        await services.Inbox.DeliverAsync(new LedgerDelivery(null, latest, anchors, [], []), cancellationToken);
        return await services.Inbox.GetWatermarkAsync(cancellationToken);
    }

    // False where somebody else has moved the watermark meanwhile: on from where it stands.
    private async Task<bool> DeliverAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        using var span = FollowerTelemetry.Take(batch);
        var anchors = NetworkIdentity.AnchorsAmong(batch.Ledgers);
        var delivery = await services.Router.RouteAsync(batch, _watermark, anchors, cancellationToken);
        if (await services.Inbox.DeliverAsync(delivery, cancellationToken) is not { } owners)
        {
            LogLate(_watermark?.Ledger);
            return false;
        }

        _watermark = new LedgerWatermark(
            delivery.To.Sequence, delivery.To.Hash, delivery.To.ClosedAt,
            new Dictionary<long, string>([.. _watermark?.Anchors ?? new Dictionary<long, string>(), .. anchors]));
        FollowerTelemetry.Stands(batch.Latest, _watermark.Ledger, _watermark.ClosedAt);
        CountUnreadable(batch);
        foreach (var owner in owners)
        {
            Poke(owner);
        }

        return true;
    }

    private void Poke(LedgerOwner owner)
    {
        if (services.Owners.Find(GrainFactory, owner) is { } grain)
        {
            // One-way: nothing is waited for, and a poke that is lost is made good by the sweep.
            grain.PokeAsync().Ignore();
        }
        else
        {
            LogUnknownKind(owner.Kind, owner.Key);
        }
    }

    private void CountUnreadable(LedgerBatch batch)
    {
        var unreadable = batch.Unread.Count(line => line.Kind == UnreadKind.Unreadable);
        if (unreadable > 0)
        {
            _unreadable += unreadable;
            LogUnreadable(unreadable, batch.Ledgers[0].Sequence, batch.Ledgers[^1].Sequence, _unreadable);
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "Reading the network failed after ledger {Ledger}; it begins again there")]
    private partial void LogReadingFailed(Exception exception, long? ledger);

    [LoggerMessage(1302, LogLevel.Debug, "Reading the network stopped at ledger {Ledger}")]
    private partial void LogStopped(long? ledger);

    [LoggerMessage(1303, LogLevel.Warning, "The watermark does not stand at ledger {Ledger} any more; reading goes on from where it stands")]
    private partial void LogLate(long? ledger);

    [LoggerMessage(1304, LogLevel.Critical, "{Kind} {Key} was given something, but this process knows no owners of that kind")]
    private partial void LogUnknownKind(string kind, string key);

    [LoggerMessage(1305, LogLevel.Error, "{Count} operations of ledgers {First} to {Last} cannot be understood, {Total} by now; those that name accounts of ours are parked there")]
    private partial void LogUnreadable(int count, long first, long last, long total);
}
