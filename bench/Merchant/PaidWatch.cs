using System.Diagnostics;
using Npgsql;

namespace StellarPay.Bench.Merchant;

/// <summary>Watches what is committed for sessions that are paid.</summary>
internal sealed class PaidWatch(string connectionString, LedgerWatch ledgers)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>How many are paid by now.</summary>
    public async Task<long> CountAsync()
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        // Changed with the state, in one statement; and counted in a fraction of what the events' table would take.
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM object_lists WHERE kind = 'payment_session' AND status = 'Paid'", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until there are so many; gives how long that took.</summary>
    public async Task<TimeSpan> UntilAsync(long count)
    {
        var began = Stopwatch.GetTimestamp();
        while (await CountAsync() < count)
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"{await CountAsync()} of {count} sessions are paid after {Patience}.");
            }

            await Task.Delay(Interval);
        }

        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Of some sessions the longest, in seconds, from the close of the ledger that paid until it was stored as paid.</summary>
    public async Task<double> LongestAsync(IEnumerable<OpenSession> sessions)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            SELECT (data -> 'object' -> 'payments' -> 0 ->> 'ledger')::bigint, max(recorded_at)
            FROM events WHERE type = 'payment_session.paid' AND subject = ANY($1)
            GROUP BY 1
            """,
            connection);
        command.Parameters.AddWithValue(sessions.Select(session => session.Id).ToArray());
        var longest = 0.0;
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var closed = await ledgers.ClosedAtAsync(rows.GetInt64(0));
            longest = Math.Max(longest, (rows.GetFieldValue<DateTimeOffset>(1) - closed).TotalSeconds);
        }

        return longest;
    }
}
