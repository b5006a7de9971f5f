using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Adapters.Postgres.Factors;
using StellarPay.Adapters.Postgres.Ledger;
using StellarPay.Adapters.Postgres.Projections;
using StellarPay.Adapters.Telemetry;
using StellarPay.Adapters.Tests.KeyVault;

namespace StellarPay.Adapters.Tests.Postgres.Upkeep;

/// <summary>
/// Workers go on after whatever fails, not only after what a database says: a failure that leaves a worker ends the process. So it was
/// where a start failed and the database was taken apart before the workers were stopped: a second failure hid the sentence about the
/// first.
/// </summary>
public sealed class WorkerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("standing", "could not be read")]
    [InlineData("projection", "could not advance")]
    [InlineData("news", "could not be read")]
    public async Task A_worker_outlives_its_database(string which, string line)
    {
        var database = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody");
        await database.DisposeAsync();
        using var log = new LineLog();
        using var worker = NewWorker(which, database, log);

        await worker.StartAsync(Cancelled);
        await log.UntilAsync(line);
        worker.ExecuteTask.ShouldNotBeNull().IsCompleted.ShouldBeFalse();

        await worker.StopAsync(Cancelled);
        worker.ExecuteTask.IsCompletedSuccessfully.ShouldBeTrue();
    }

    private static BackgroundService NewWorker(string which, NpgsqlDataSource database, LineLog log)
    {
        var options = Options.Create(new PostgresOptions { ServiceId = "tests" });
        var (feed, projections) = (new PostgresEventFeed(database, options), new PostgresProjections(database, options));
        var time = TimeProvider.System;
        return which switch
        {
            "standing" => new StandingWorker(
                new StandingReader(database, new PostgresLedgerInbox(database, options, time), projections, feed, options),
                time, time, log.CreateLogger<StandingWorker>()),
            "projection" => new ProjectionWorker(projections, feed, new Silence(), time, log.CreateLogger<ProjectionWorker>()),
            _ => new FactorNewsWorker(new FactorNews(database, time), null!, time, log.CreateLogger<FactorNewsWorker>()),
        };
    }

    private sealed class Silence : IEventSignal
    {
        public Task Next { get; } = new TaskCompletionSource().Task;
    }
}
