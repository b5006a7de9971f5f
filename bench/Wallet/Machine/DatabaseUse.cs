using Npgsql;

namespace StellarPay.Bench.Wallet.Machine;

/// <summary>What the product asked of PostgreSQL during a phase.</summary>
internal sealed class DatabaseUse(string connectionString)
{
    private const int Statements = 12;

    public async Task PrepareAsync() => await ReadAsync("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", _ => 0);

    public async Task ResetAsync() => await ReadAsync("SELECT pg_stat_statements_reset()", _ => 0);

    /// <summary>Bytes of write-ahead log so far.</summary>
    public async Task<long> ReadLogBytesAsync() =>
        (await ReadAsync("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint", row => row.GetInt64(0)))[0];

    /// <summary>The statements that took longest since the reset.</summary>
    public Task<List<StatementUse>> ReadStatementsAsync() => ReadAsync(
        $"""
        SELECT calls, total_exec_time, left(regexp_replace(query, '\s+', ' ', 'g'), 70)
        FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database()
        WHERE query NOT LIKE '%FROM events e%failureCode%'
        ORDER BY total_exec_time DESC LIMIT {Statements}
        """,
        row => new StatementUse(row.GetInt64(0), Math.Round(row.GetDouble(1)), row.GetString(2)));

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> map)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(map(reader));
        }

        return rows;
    }
}

/// <summary>One statement's share.</summary>
internal sealed record StatementUse(long Calls, double Milliseconds, string Text);
