using System.Diagnostics;
using Npgsql;

namespace StellarPay.Bench.Merchant;

/// <summary>Watches the table <c>events</c> for sessions that are paid: what stands there is committed.</summary>
internal sealed class PaidWatch(string connectionString)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>How many are paid by now.</summary>
    public async Task<long> CountAsync()
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM events WHERE type = 'payment_session.paid'", connection);
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
            SELECT extract(epoch FROM max(recorded_at - (data -> 'object' ->> 'paid_at')::timestamptz))::float8
            FROM events WHERE type = 'payment_session.paid' AND subject = ANY($1)
            """,
            connection);
        command.Parameters.AddWithValue(sessions.Select(session => session.Id).ToArray());
        return (double)(await command.ExecuteScalarAsync())!;
    }
}
