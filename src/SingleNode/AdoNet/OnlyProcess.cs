using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>
/// Keeps every other process off the database while this one serves it: a session's advisory lock, and a look at the
/// membership table for silos of real Orleans.
/// </summary>
internal sealed partial class OnlyProcess(
    AdoNetCluster location,
    Silo silo,
    IHostApplicationLifetime host,
    TimeProvider time,
    IOptions<ClusterOptions> options) : ILifecycleParticipant<ISiloLifecycle>, IAsyncDisposable
{
    private const string Advice = "SingleNode is one process; to run several, build for Orleans: "
        + "-p:ActorRuntime=Orleans, or ./stellarpay --runtime orleans.";

    // The first half of the lock's key; the second is the service.
    private const int LockClass = 0x5350_534E;
    private const int ActiveStatus = 3;

    // A process that was just killed may hold its lock until the database notices.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(10);

    // Orleans' silos write that they are alive every 30 seconds.
    private static readonly TimeSpan AliveWithin = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _stopped = new();
    private Task _watching = Task.CompletedTask;
    private int _isHolding;

    private string ServiceId => options.Value.ServiceId;

    private Holding Shared => silo.Cluster.Shared(static () => new Holding());

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe<OnlyProcess>(
        ServiceLifecycleStage.RuntimeInitialize, StartAsync, StopAsync);

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var held = Shared;
        await held.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _isHolding = 1;
            if (held.Silos++ == 0)
            {
                held.Connection = await LockPatientlyAsync(cancellationToken).ConfigureAwait(false);
                await RefuseActiveOrleansAsync(cancellationToken).ConfigureAwait(false);
                _watching = WatchAsync(held);
            }
        }
        catch
        {
            _isHolding = 0;
            await ReleaseAsync(held).ConfigureAwait(false);
            throw;
        }
        finally
        {
            held.Gate.Release();
        }
    }

    private Task StopAsync(CancellationToken cancellationToken) => EndAsync();

    // A silo that was killed did not stop; its lock goes with its services.
    public ValueTask DisposeAsync() => new(EndAsync());

    private async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _isHolding, 0) == 0)
        {
            return;
        }

        await _stopped.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        var held = Shared;
        await held.Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            await ReleaseAsync(held).ConfigureAwait(false);
        }
        finally
        {
            held.Gate.Release();
        }
    }

    private static async Task ReleaseAsync(Holding held)
    {
        if (--held.Silos == 0 && held.Connection is { } connection)
        {
            held.Connection = null;
            await UnlockAsync(connection).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Disposing gives the session back to its pool, which keeps it open with all its locks.
    private static async Task UnlockAsync(DbConnection connection)
    {
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT pg_advisory_unlock_all()";
            await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            // The session is gone, and the lock with it.
        }
    }

    private async Task<DbConnection> LockPatientlyAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var retry = new PeriodicTimer(RetryEvery, time);
        while (true)
        {
            if (await TryLockAsync(cancellationToken).ConfigureAwait(false) is { } connection)
            {
                return connection;
            }

            if (time.GetElapsedTime(began) > Patience)
            {
                throw new OrleansConfigurationException(
                    $"Another process already serves '{ServiceId}' on this database. {Advice}");
            }

            await retry.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<DbConnection?> TryLockAsync(CancellationToken cancellationToken)
    {
        var connection = location.Database.NewConnection();
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT pg_try_advisory_lock(@class, @service)";
            command.With("class", (int?)LockClass)
                .With("service", (int?)unchecked((int)StableHash.Compute(Encoding.UTF8.GetBytes(ServiceId))));
            if (true.Equals(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false)))
            {
                return connection;
            }
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await connection.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    private async Task RefuseActiveOrleansAsync(CancellationToken cancellationToken)
    {
        var queries = await location.Database.QueriesAsync(["MembershipReadAllKey"], cancellationToken).ConfigureAwait(false);
        var since = time.GetUtcNow().UtcDateTime - AliveWithin;
        var rows = await location.Database.QueryAsync(
            queries["MembershipReadAllKey"],
            command => command.With("DeploymentId", options.Value.ClusterId),
            row => row.Int32OrNull("Status") == ActiveStatus
                && row.GetDateTime(row.GetOrdinal("IAmAliveTime")) > since
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{row.GetString(row.GetOrdinal("SiloName"))} at {row.GetString(row.GetOrdinal("Address"))}:{row.Int32OrNull("Port")}")
                : null,
            cancellationToken).ConfigureAwait(false);
        if (rows.OfType<string>().ToArray() is { Length: > 0 } alive)
        {
            throw new OrleansConfigurationException(
                $"Silos of Orleans serve this database: {string.Join(", ", alive)}. {Advice}");
        }
    }

    // Without its connection the lock is lost, and another process may take it. Then this one must end.
    private async Task WatchAsync(Holding held)
    {
        using var timer = new PeriodicTimer(CheckEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopped.Token).ConfigureAwait(false))
            {
                if (!await IsHeldAsync(held.Connection!).ConfigureAwait(false))
                {
                    LogLost(silo.Logger);
                    await held.Connection!.DisposeAsync().ConfigureAwait(false);
                    held.Connection = await LockPatientlyAsync(_stopped.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
        catch (OrleansConfigurationException error)
        {
            LogTaken(silo.Logger, error);
            silo.Kill();
            host.StopApplication();
        }
        catch (DbException error)
        {
            LogTaken(silo.Logger, error);
            silo.Kill();
            host.StopApplication();
        }
    }

    private static async Task<bool> IsHeldAsync(DbConnection connection)
    {
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1";
            await command.ExecuteScalarAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            return false;
        }
    }

    [LoggerMessage(130, LogLevel.Warning, "The connection that keeps other processes off the database was lost.")]
    private static partial void LogLost(ILogger logger);

    [LoggerMessage(131, LogLevel.Critical, "Another process may serve the database now, so this one ends.")]
    private static partial void LogTaken(ILogger logger, Exception error);

    /// <summary>What the silos of one cluster in this process hold together.</summary>
    private sealed class Holding
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public int Silos { get; set; }

        public DbConnection? Connection { get; set; }
    }
}
