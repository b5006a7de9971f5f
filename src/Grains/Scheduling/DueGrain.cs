using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Platform.Treasury;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Telemetry;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Scheduling;

/// <summary>
/// Wakes the grains of its partition that are due, by business time, in the order of what is due. Keeps no state: what
/// is due is in theirs.
/// </summary>
internal sealed partial class DueGrain(
    IDueIndex index,
    InboxSweep inboxes,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<DueGrain> logger) : Grain, IDueGrain, IRemindable
{
    private const string Reminder = "sweep";
    private const int PageSize = 100;
    // What one sweep wakes at most; the rest is the next one's, a second later.
    private const int MaxPages = 20;
    // How many are woken at once, begun in the order of what is due: one that waits for the network keeps few others.
    private const int Parallelism = 16;

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private IGrainTimer? _timer;

    public async Task StartAsync()
    {
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        EnsureTimer();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        EnsureTimer();
        return Task.CompletedTask;
    }

    public async Task<int> SweepAsync()
    {
        var partition = DuePartitions.NumberOf(this.GetPrimaryKeyString());
        await inboxes.SweepAsync(partition, GrainFactory, CancellationToken.None);
        var now = business.GetUtcNow();
        var woken = 0;
        DueEntry? after = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var due = await index.ReadAsync(
                now, partition, DuePartitions.Count, after, PageSize, CancellationToken.None);
            foreach (var some in due.Chunk(Parallelism))
            {
                woken += (await Task.WhenAll(some.Select(WakeAsync))).Count(done => done);
            }

            if (due.Count < PageSize)
            {
                break;
            }

            after = due[^1];
        }

        return woken;
    }

    private async Task<bool> WakeAsync(DueEntry entry)
    {
        var late = business.GetUtcNow() - entry.DueAt;
        var woken = await TryWakeAsync(entry);
        WakeUpTelemetry.Woken(entry.StateName, late, woken);
        return woken;
    }

    // One that fails does not keep the others waiting: it is still due at the next sweep.
    private async Task<bool> TryWakeAsync(DueEntry entry)
    {
        if (Find(entry) is not { } grain)
        {
            LogUnknown(entry.StateName, entry.GrainKey);
            return false;
        }

        try
        {
            await grain.WakeAsync();
            return true;
        }
        catch (Exception exception)
        {
            LogWakeFailed(exception, entry.StateName, entry.GrainKey);
            return false;
        }
    }

    private IWakeable? Find(DueEntry entry) => entry.StateName switch
    {
        GrainState.Wallet => GrainFactory.GetGrain<IWalletGrain>(entry.GrainKey),
        GrainState.ScheduleBook => GrainFactory.GetGrain<IScheduleBookGrain>(entry.GrainKey),
        GrainState.KeyRotation => GrainFactory.GetGrain<IKeyRotationGrain>(entry.GrainKey),
        GrainState.Suspense => GrainFactory.GetGrain<ISuspenseGrain>(entry.GrainKey),
        GrainState.Treasury => GrainFactory.GetGrain<ITreasuryGrain>(entry.GrainKey),
        _ => null,
    };

    private void EnsureTimer() =>
        _timer ??= this.RegisterGrainTimer(SweepQuietlyAsync, SweepPeriod, SweepPeriod);

    private async Task SweepQuietlyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogSweepFailed(exception, this.GetPrimaryKeyString());
        }
    }

    [LoggerMessage(1401, LogLevel.Warning, "Waking {StateName} {GrainKey} failed; it is due at the next sweep again.")]
    private partial void LogWakeFailed(Exception exception, string stateName, string grainKey);

    [LoggerMessage(1402, LogLevel.Error, "{StateName} {GrainKey} is due, but no grain of that kind can be woken.")]
    private partial void LogUnknown(string stateName, string grainKey);

    [LoggerMessage(1403, LogLevel.Warning, "The sweep of partition {Partition} failed; the next follows.")]
    private partial void LogSweepFailed(Exception exception, string partition);
}
