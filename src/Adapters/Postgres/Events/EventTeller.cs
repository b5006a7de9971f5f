using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace StellarPay.Adapters.Postgres.Events;

/// <summary>
/// Tells readers by NOTIFY, after the commits that it is about and on a connection of its own, once in 20 ms at most: a NOTIFY
/// inside a writing transaction takes one lock of the whole server until after its commit, and halves what it can write.
/// </summary>
internal sealed partial class EventTeller(
    DirectDatabase database, IOptions<PostgresOptions> options, TimeProvider time, ILogger<EventTeller> logger)
    : IEventHints, IAsyncDisposable
{
    /// <summary>Where readers listen; the payload is the service id.</summary>
    public const string Channel = "stellarpay_events";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private NpgsqlConnection? _connection;
    private int _told;
    private int _running;

    public void Tell()
    {
        Volatile.Write(ref _told, 1);
        if (!_stop.IsCancellationRequested && Interlocked.CompareExchange(ref _running, 1, 0) == 0)
        {
            // Not in the context of whoever tells: it ends with a call, or belongs to a grain.
            using (ExecutionContext.SuppressFlow())
            {
                _ = Task.Run(TellAsync);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (Interlocked.CompareExchange(ref _running, 1, 0) == 0 && _connection is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task TellAsync()
    {
        do
        {
            while (Interlocked.Exchange(ref _told, 0) == 1 && !_stop.IsCancellationRequested)
            {
                var pause = await NotifyAsync();
                await Task.Delay(pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (_stop.IsCancellationRequested)
            {
                await CloseAsync();
                return;
            }

            Volatile.Write(ref _running, 0);
            // Told between the two: whoever did so saw this running.
        }
        while (Volatile.Read(ref _told) == 1 && Interlocked.CompareExchange(ref _running, 1, 0) == 0);
    }

    private async Task<TimeSpan> NotifyAsync()
    {
        try
        {
            _connection ??= await database.Source.OpenConnectionAsync(_stop.Token);
            await using var command = new NpgsqlCommand("SELECT pg_notify($1, $2)", _connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Channel });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = options.Value.ServiceId });
            await command.ExecuteNonQueryAsync(_stop.Token);
            return Interval;
        }
        catch (Exception exception)
        {
            // Readers look by themselves each second.
            await CloseAsync();
            if (!_stop.IsCancellationRequested)
            {
                LogFailed(exception);
            }

            return AfterFailure;
        }
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    [LoggerMessage(3310, LogLevel.Warning, "Readers of events could not be told; they look by themselves each second")]
    private partial void LogFailed(Exception exception);
}
