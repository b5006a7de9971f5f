using Microsoft.Extensions.Hosting;
using Npgsql;

namespace StellarPay.Adapters.Postgres.Upkeep;

/// <summary>Sees to something in the database again and again. Any number of processes may run it; what one leaves goes later.</summary>
/// <param name="interval">How often.</param>
/// <param name="time">The system's clock.</param>
public abstract class UpkeepWorker(TimeSpan interval, TimeProvider time) : BackgroundService
{
    /// <summary>Does what there is to do.</summary>
    protected abstract Task RunAsync(CancellationToken cancellationToken);

    /// <summary>The database refused, or was away; it is tried again.</summary>
    protected abstract void Failed(Exception exception);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync(stoppingToken);
            }
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops, and takes apart what is used here.
        }
    }

    private async Task TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            Failed(e);
        }
    }
}
