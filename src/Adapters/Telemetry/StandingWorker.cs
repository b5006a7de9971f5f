using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StellarPay.Grains;

namespace StellarPay.Adapters.Telemetry;

/// <summary>Reads how things stand in the database, as often as telemetry is usually collected.</summary>
internal sealed partial class StandingWorker(
    StandingReader reader,
    TimeProvider time,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<StandingWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                StandingTelemetry.Stands(await reader.ReadAsync(business.GetUtcNow(), stoppingToken), time.GetUtcNow());
            }
            catch (DbException e)
            {
                StandingTelemetry.Stands(null, time.GetUtcNow());
                LogFailed(e);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(3201, LogLevel.Warning, "What telemetry tells of the database could not be read; it is tried again.")]
    private partial void LogFailed(Exception exception);
}
