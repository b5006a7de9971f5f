using System.Diagnostics;
using Npgsql;

namespace StellarPay.Bench.Limits;

/// <summary>
/// What an entry of the audit log costs beside a row of a table without chains: one writer, one after the other, each with a commit that
/// waits for the disk. By turns, so that both have the same machine.
/// </summary>
internal static class AuditAppends
{
    private const int Rounds = 1_000;
    private const int WarmUp = 50;
    private const int Chains = 32;
    private const double Half = 0.5;

    private const string Table =
        """
        CREATE TABLE bench_bare_log (
            chain text NOT NULL, number bigint GENERATED ALWAYS AS IDENTITY, recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            actor text NOT NULL, action text NOT NULL, subject text NOT NULL, data jsonb NOT NULL, previous_hash bytea NOT NULL,
            hash bytea NOT NULL, PRIMARY KEY (chain, number))
        """;

    private const string Bare =
        """
        INSERT INTO bench_bare_log (chain, actor, action, subject, data, previous_hash, hash)
        VALUES ($1, 'wal_bench', 'key.unwrap', 'wal_bench', $2::jsonb, decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'))
        """;

    private const string Chained = "SELECT audit_append($1, 'wal_bench', 'key.unwrap', 'wal_bench', $2::jsonb)";

    /// <summary>The medians in microseconds.</summary>
    public static async Task<(double Chained, double Bare)> MeasureAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using (var table = new NpgsqlCommand(Table, connection))
        {
            await table.ExecuteNonQueryAsync();
        }

        var (chained, bare) = (new List<double>(Rounds), new List<double>(Rounds));
        for (var round = 0; round < WarmUp + Rounds; round++)
        {
            var (one, other) = (await TimeAsync(connection, Chained, round), await TimeAsync(connection, Bare, round));
            if (round >= WarmUp)
            {
                chained.Add(one);
                bare.Add(other);
            }
        }

        return (Median(chained), Median(bare));
    }

    // A command, so that it is seen to be one round trip.
    private static async Task<double> TimeAsync(NpgsqlConnection connection, string text, int round)
    {
        await using var command = new NpgsqlCommand(text, connection);
        command.Parameters.AddWithValue($"bench/{round % Chains:00}");
        command.Parameters.AddWithValue("""{"purpose":"payment.sign","transaction":"0000000000000000000000000000000000000000000000000000000000000000"}""");
        var began = Stopwatch.GetTimestamp();
        await command.ExecuteNonQueryAsync();
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds;
    }

    private static double Median(List<double> times) => Math.Round(times.Order().ElementAt((int)(times.Count * Half)), 1);
}
