using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace StellarPay.Adapters.Postgres.Events;

/// <summary>
/// Listens for this process, on one connection, from the first time that somebody waits. While it cannot listen nobody is told,
/// and readers look by themselves each second.
/// </summary>
internal sealed partial class EventListener(
    DirectDatabase database, IOptions<PostgresOptions> options, TimeProvider time, ILogger<EventListener> logger)
    : IEventSignal, IAsyncDisposable
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = New();
    private Task? _listening;

    public Task Next
    {
        get
        {
            lock (_lock)
            {
                if (_listening is null)
                {
                    using (ExecutionContext.SuppressFlow())
                    {
                        _listening = Task.Run(ListenAsync);
                    }
                }

                return _next.Task;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_listening is { } listening)
        {
            await listening;
        }

        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Source.OpenConnectionAsync(_stop.Token);
                connection.Notification += (_, told) => Hear(told.Payload);
                await using (var listen = new NpgsqlCommand($"LISTEN {EventTeller.Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(_stop.Token);
                }

                // What was told before this began is not told again.
                Hear(options.Value.ServiceId);
                while (true)
                {
                    await connection.WaitAsync(_stop.Token);
                }
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                // The host stops.
            }
            catch (Exception exception)
            {
                LogFailed(exception);
                await Task.Delay(AfterFailure, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Hear(string serviceId)
    {
        if (serviceId != options.Value.ServiceId)
        {
            return;
        }

        TaskCompletionSource heard;
        lock (_lock)
        {
            (heard, _next) = (_next, New());
        }

        heard.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(3311, LogLevel.Warning, "Nobody here is told of new events for a moment; readers look by themselves each second")]
    private partial void LogFailed(Exception exception);
}
