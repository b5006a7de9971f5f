using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace StellarPay.Adapters.Postgres.Storage.GroupCommit;

/// <summary>
/// Writes of which nobody knows what became, since their connection was lost. Before such a row is read again its version is
/// raised, unless it has moved on already; then whatever still runs can only be stale. The lost sessions are ended first, so
/// that they do not hold rows for long.
/// </summary>
internal sealed partial class UnknownWrites(
    NpgsqlDataSource database, PostgresOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    private const int MaxClaims = 1_000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<StateKey, (int? Version, string Connection)> _writes = [];
    private readonly SemaphoreSlim _claiming = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private int _background;

    /// <summary>Notes the writes of a batch. From now on each is claimed before it is read.</summary>
    public void Add(IReadOnlyList<PendingWrite> batch, string connection)
    {
        foreach (var write in batch)
        {
            _writes[write.Key] = (write.Version, connection);
        }

        // Another silo may activate such a grain, and knows nothing of this: so it is not left to the next read alone.
        if (Interlocked.Exchange(ref _background, 1) == 0)
        {
            _ = Task.Run(ClaimAllAsync);
        }
    }

    /// <summary>Returns when nothing unknown can come to a row any more.</summary>
    /// <exception cref="NpgsqlException">The database is away, or the row is held.</exception>
    public async Task ClaimAsync(StateKey key, CancellationToken cancellationToken)
    {
        if (!_writes.ContainsKey(key))
        {
            return;
        }

        await _claiming.WaitAsync(cancellationToken);
        try
        {
            // Whoever was here before has claimed all that there was.
            if (_writes.TryGetValue(key, out var own))
            {
                await ClaimBatchAsync(First(key, own), cancellationToken);
            }
        }
        finally
        {
            _claiming.Release();
        }

        if (_writes.ContainsKey(key))
        {
            throw new PostgresException(
                $"the row of {key.GrainKey} is held by another session", "ERROR", "ERROR", PostgresErrorCodes.LockNotAvailable);
        }
    }

    public void Dispose() => _stop.Cancel();

    private KeyValuePair<StateKey, (int? Version, string Connection)>[] First(StateKey key, (int?, string) own) =>
        [new(key, own), .. _writes.Where(write => write.Key != key).Take(MaxClaims - 1)];

    private async Task ClaimAllAsync()
    {
        var pause = FirstPause;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                foreach (var key in _writes.Keys)
                {
                    await ClaimAsync(key, _stop.Token);
                }
            }
            catch (Exception exception)
            {
                LogNotClaimed(exception, _writes.Count);
                await Task.Delay(pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                continue;
            }

            Volatile.Write(ref _background, 0);
            // One that was added in between found this at work, and relies on it.
            if (_writes.IsEmpty || Interlocked.Exchange(ref _background, 1) != 0)
            {
                return;
            }
        }
    }

    private async Task ClaimBatchAsync(
        IReadOnlyList<KeyValuePair<StateKey, (int? Version, string Connection)>> writes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var end = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ANY ($1) AND usename = current_user",
            connection))
        {
            end.Parameters.Add(new NpgsqlParameter { Value = writes.Select(write => write.Value.Connection).Distinct().ToArray() });
            await end.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var claim = new NpgsqlCommand("SELECT place, claimed FROM grain_states_claim($1, $2, $3, $4)", connection);
        claim.Parameters.Add(new NpgsqlParameter { Value = options.ServiceId });
        claim.Parameters.Add(new NpgsqlParameter { Value = writes.Select(write => write.Key.StateName).ToArray() });
        claim.Parameters.Add(new NpgsqlParameter { Value = writes.Select(write => write.Key.GrainKey).ToArray() });
        claim.Parameters.Add(new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer, Value = writes.Select(write => write.Value.Version).ToArray(),
        });
        var claimed = 0;
        await using (var reader = await claim.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                // Only what was claimed: the same row may be unknown anew by now.
                claimed += reader.GetBoolean(1) && _writes.TryRemove(writes[reader.GetInt32(0) - 1]) ? 1 : 0;
            }
        }

        LogClaimed(claimed, writes.Count);
    }

    [LoggerMessage(3304, LogLevel.Warning, "Claimed {Claimed} of {Count} states whose writes were not known to have ended")]
    private partial void LogClaimed(int claimed, int count);

    [LoggerMessage(3305, LogLevel.Warning, "{Count} states whose writes are not known to have ended could not be claimed; it is tried again")]
    private partial void LogNotClaimed(Exception exception, int count);
}
