using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace StellarPay.Bench.Wallet.Load;

/// <summary>
/// Watches the table <c>events</c> for what the loads wait for. What stands there is committed together with the state
/// that it tells of, so that nothing is counted that a crash could take back.
/// </summary>
internal sealed class EventWatch : IAsyncDisposable
{
    private const string Succeeded = "";

    // The reader stays below the oldest running transaction, as the product's own readers do.
    private const string Next =
        """
        SELECT e.xid, e.id, e.type, e.subject, coalesce(e.data ->> 'amount', ''), coalesce(e.data ->> 'failureCode', '')
        FROM events e
        WHERE (e.xid, e.id) > ($1, $2) AND e.xid < pg_snapshot_xmin(pg_current_snapshot()) AND e.service_id = 'stellarpay'
          AND e.type IN ('wallet.activated', 'wallet.credited', 'payment.succeeded', 'payment.failed', 'payment.expired')
        ORDER BY e.xid, e.id
        LIMIT 5000
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlConnection _connection;
    private readonly Task _reading;
    private ulong _transaction;
    private long _id;

    private EventWatch(NpgsqlConnection connection)
    {
        _connection = connection;
        _reading = Task.Run(ReadAsync);
    }

    public static async Task<EventWatch> StartAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return new EventWatch(connection);
    }

    /// <summary>Completes when the wallet's account is on the ledger.</summary>
    public Task ActivatedAsync(string walletId) => WaitAsync($"active {walletId}");

    /// <summary>Completes when the payment has ended, with the reason for its failure or an empty text.</summary>
    public Task<string> EndedAsync(string paymentId) => WaitAsync($"ended {paymentId}");

    /// <summary>Completes when the receiver has been credited. No two payments of a run have the same amount.</summary>
    public Task CreditedAsync(string amount) => WaitAsync($"credited {amount}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    // A watch that can no longer read ends what waits for it: nobody waits for ever for events that nobody looks for.
    private async Task<string> WaitAsync(string what)
    {
        var source = SourceOf(what);
        if (await Task.WhenAny(source.Task, _reading) == _reading)
        {
            await _reading;
        }

        var outcome = await source.Task;
        _waiting.TryRemove(what, out _);
        return outcome;
    }

    private TaskCompletionSource<string> SourceOf(string what) => _waiting.GetOrAdd(
        what, static _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task ReadAsync()
    {
        await using var command = new NpgsqlCommand(Next, _connection);
        var transaction = command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Xid8 });
        var id = command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint });
        while (!_stop.IsCancellationRequested)
        {
            transaction.Value = _transaction;
            id.Value = _id;
            await using (var reader = await command.ExecuteReaderAsync(_stop.Token))
            {
                while (await reader.ReadAsync(_stop.Token))
                {
                    _transaction = reader.GetFieldValue<ulong>(0);
                    _id = reader.GetInt64(1);
                    Tell(reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5));
                }
            }

            await Task.Delay(Interval, _stop.Token);
        }
    }

    private void Tell(string type, string subject, string amount, string failure)
    {
        switch (type)
        {
            case "wallet.activated":
                SourceOf($"active {subject}").TrySetResult(Succeeded);
                break;
            case "wallet.credited":
                SourceOf($"credited {amount}").TrySetResult(Succeeded);
                break;
            case "payment.succeeded":
                SourceOf($"ended {subject}").TrySetResult(Succeeded);
                break;
            default:
                SourceOf($"ended {subject}").TrySetResult(failure.Length > 0 ? failure : type);
                break;
        }
    }
}
