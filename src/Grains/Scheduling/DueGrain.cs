using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Telemetry;
using StellarPay.Grains.TestClocks;

namespace StellarPay.Grains.Scheduling;

/// <summary>
/// Wakes the grains of its partition that are due, by business time, each kind in the order of what is due and no kind
/// waiting for another. Keeps no state: what is due is in theirs.
/// </summary>
internal sealed partial class DueGrain(
    IDueIndex index,
    WakeableKinds kinds,
    InboxSweep inboxes,
    TestClockSweep clocks,
    TimeProvider time,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<DueGrain> logger) : Grain, IDueGrain, IRemindable
{
    private const string Reminder = "sweep";

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Task<int>> _sweeps = [];
    private readonly Dictionary<string, WakeRound> _rounds = [];
    private Task<int>? _inboxSweep;
    private Task<int>? _clockSweep;
    private IGrainTimer? _timer;

    private int Partition => DuePartitions.NumberOf(this.GetPrimaryKeyString());

    public async Task StartAsync()
    {
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        EnsureTimer();
    }

    public Task PokeAsync()
    {
        EnsureTimer();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => PokeAsync();

    public async Task<int> SweepAsync()
    {
        var pokes = BeginInboxSweep();
        var byClocks = BeginClockSweep();
        var woken = await Task.WhenAll(await BeginSweepsAsync());
        await pokes;
        return woken.Sum() + await byClocks;
    }

    // Beside what is woken: neither waits for the other.
    private Task<int> BeginInboxSweep() => _inboxSweep is { IsCompleted: false } underWay
        ? underWay
        : _inboxSweep = inboxes.SweepAsync(Partition, GrainFactory, CancellationToken.None);

    // Nor does anybody wait for a test clock.
    private Task<int> BeginClockSweep() => _clockSweep is { IsCompleted: false } underWay
        ? underWay
        : _clockSweep = clocks.SweepAsync(Partition, GrainFactory, CancellationToken.None);

    // One sweep of each kind at a time: a kind that takes long delays the next sweep of itself and of nothing else.
    private async Task<List<Task<int>>> BeginSweepsAsync()
    {
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

    private Task<int> SweepAsync(WakeableKind kind, DateTimeOffset now)
    {
        if (!_rounds.TryGetValue(kind.StateName, out var round))
        {
            _rounds[kind.StateName] = round = new WakeRound(index, kind.AtOnce, time);
        }

        return round.SweepAsync(
            new DueQuery(kind.StateName, now, Partition, DuePartitions.Count), entry => WakeAsync(kind, entry));
    }

    private async Task<bool> WakeAsync(WakeableKind kind, DueEntry entry)
    {
        var late = business.GetUtcNow() - entry.DueAt;
        var woken = await TryWakeAsync(kind, entry);
        WakeUpTelemetry.Woken(entry.StateName, late, woken);
        return woken;
    }

    // One that fails does not keep the others waiting: it is still due at a later sweep.
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
            WatchAsync(BeginInboxSweep()).Ignore();
            WatchAsync(BeginClockSweep()).Ignore();
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

    [LoggerMessage(1401, LogLevel.Warning, "Waking {StateName} {GrainKey} failed; it is due again, after a pause where it goes on failing.")]
    private partial void LogWakeFailed(Exception exception, string stateName, string grainKey);

    [LoggerMessage(1402, LogLevel.Error, "A state {StateName} is due, but no grain of that kind can be woken.")]
    private partial void LogUnknown(string stateName);

    [LoggerMessage(1403, LogLevel.Warning, "The sweep of partition {Partition} failed; the next follows.")]
    private partial void LogSweepFailed(Exception exception, string partition);
}
