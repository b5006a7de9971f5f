using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Scheduling;

/// <summary>
/// Wakes the grains of its partition that are due, by business time, each kind in the order of what is due and no kind
/// waiting for another. Keeps no state: what is due is in theirs.
/// </summary>
internal sealed partial class DueGrain(
    IDueIndex index,
    WakeableKinds kinds,
    InboxSweep inboxes,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<DueGrain> logger) : Grain, IDueGrain, IRemindable
{
    private const string Reminder = "sweep";
    private const int PageSize = 100;
    // What one sweep wakes at most of a kind; the rest is the next one's, a second later.
    private const int MaxPages = 20;

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Task<int>> _sweeps = [];
    private IGrainTimer? _timer;

    private int Partition => DuePartitions.NumberOf(this.GetPrimaryKeyString());

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

    public async Task<int> SweepAsync() => (await Task.WhenAll(await BeginSweepsAsync())).Sum();

    // One sweep of each kind at a time: a kind that takes long delays the next sweep of itself and of nothing else.
    private async Task<List<Task<int>>> BeginSweepsAsync()
    {
        await inboxes.SweepAsync(Partition, GrainFactory, CancellationToken.None);
        var now = business.GetUtcNow();
        var sweeps = new List<Task<int>>();
        foreach (var name in await index.ReadNamesAsync(now, CancellationToken.None))
        {
            if (kinds.Find(name) is not { } kind)
            {
                LogUnknown(name);
                continue;
            }

            if (!_sweeps.TryGetValue(name, out var sweep) || sweep.IsCompleted)
            {
                _sweeps[name] = sweep = SweepAsync(kind, now);
            }

            sweeps.Add(sweep);
        }

        return sweeps;
    }

    private async Task<int> SweepAsync(WakeableKind kind, DateTimeOffset now)
    {
        var query = new DueQuery(kind.StateName, now, Partition, DuePartitions.Count);
        var woken = 0;
        var waking = new List<Task<bool>>();
        DueEntry? after = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var due = await index.ReadAsync(query, after, PageSize, CancellationToken.None);
            foreach (var entry in due)
            {
                if (waking.Count == kind.AtOnce)
                {
                    woken += await NextAsync(waking);
                }

                waking.Add(WakeAsync(kind, entry));
            }

            if (due.Count < PageSize)
            {
                break;
            }

            after = due[^1];
        }

        while (waking.Count > 0)
        {
            woken += await NextAsync(waking);
        }

        return woken;
    }

    // Whoever is done first makes room: one that takes long holds one place of its kind, and no more.
    private static async Task<int> NextAsync(List<Task<bool>> waking)
    {
        var done = await Task.WhenAny(waking);
        waking.Remove(done);
        return await done ? 1 : 0;
    }

    private async Task<bool> WakeAsync(WakeableKind kind, DueEntry entry)
    {
        var late = business.GetUtcNow() - entry.DueAt;
        var woken = await TryWakeAsync(kind, entry);
        WakeUpTelemetry.Woken(entry.StateName, late, woken);
        return woken;
    }

    // One that fails does not keep the others waiting: it is still due at the next sweep.
    private async Task<bool> TryWakeAsync(WakeableKind kind, DueEntry entry)
    {
        try
        {
            await kind.Find(GrainFactory, entry.GrainKey).WakeAsync();
            return true;
        }
        catch (Exception exception)
        {
            LogWakeFailed(exception, entry.StateName, entry.GrainKey);
            return false;
        }
    }

    // Interleaved: a tick begins what is not under way, whatever else still is.
    private void EnsureTimer() => _timer ??= this.RegisterGrainTimer(
        SweepQuietlyAsync,
        new GrainTimerCreationOptions { DueTime = SweepPeriod, Period = SweepPeriod, Interleave = true });

    private async Task SweepQuietlyAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var sweep in await BeginSweepsAsync())
            {
                WatchAsync(sweep).Ignore();
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogSweepFailed(exception, this.GetPrimaryKeyString());
        }
    }

    private async Task WatchAsync(Task<int> sweep)
    {
        try
        {
            await sweep;
        }
        catch (Exception exception)
        {
            LogSweepFailed(exception, this.GetPrimaryKeyString());
        }
    }

    [LoggerMessage(1401, LogLevel.Warning, "Waking {StateName} {GrainKey} failed; it is due at the next sweep again.")]
    private partial void LogWakeFailed(Exception exception, string stateName, string grainKey);

    [LoggerMessage(1402, LogLevel.Error, "A state {StateName} is due, but no grain of that kind can be woken.")]
    private partial void LogUnknown(string stateName);

    [LoggerMessage(1403, LogLevel.Warning, "The sweep of partition {Partition} failed; the next follows.")]
    private partial void LogSweepFailed(Exception exception, string partition);
}
