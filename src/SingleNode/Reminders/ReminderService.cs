using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>Serves the reminders of the cluster while its silo is the oldest; the next silo takes over after it.</summary>
internal sealed partial class ReminderService(
    IReminderTable table, Silo silo, IGrainFactory grains, TimeProvider time, IOptions<ReminderOptions> options)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly Lock _gate = new();
    private ReminderTicker? _ticker;
    private ITimer? _refresh;
    private bool _isStopped;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe<ReminderService>(
        ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private ReminderSchedule Schedule => silo.Cluster.Shared(static () => new ReminderSchedule());

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await table.StartAsync(cancellationToken);
        await RefreshAsync();
        silo.Cluster.SilosChanged += TakeOverIfOldest;
        TakeOverIfOldest();
        var period = options.Value.RefreshReminderListPeriod;
        _refresh = time.CreateTimer(static self => _ = ((ReminderService)self!).RefreshAsync(), this, period, period);
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        End();
        await table.StopAsync(cancellationToken);
    }

    private void TakeOverIfOldest()
    {
        lock (_gate)
        {
            var silos = silo.Cluster.Silos;
            if (!silos.Contains(silo))
            {
                End();
            }
            else if (silos[0] == silo && _ticker is null && !_isStopped)
            {
                _ticker = new ReminderTicker(grains, time, silo.Logger);
                Schedule.Attach(_ticker);
            }
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _isStopped = true;
            silo.Cluster.SilosChanged -= TakeOverIfOldest;
            _refresh?.Dispose();
            if (_ticker is { } ticker)
            {
                Schedule.Detach(ticker);
                ticker.Dispose();
                _ticker = null;
            }
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            Schedule.Replace((await table.ReadRows(0, 0)).Reminders);
        }
        catch (Exception error) when (_refresh is not null)
        {
            LogNotRefreshed(silo.Logger, error);
        }
    }

    [LoggerMessage(121, LogLevel.Warning, "The reminders could not be read; those that are known go on.")]
    private static partial void LogNotRefreshed(ILogger logger, Exception error);
}
