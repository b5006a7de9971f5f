using Npgsql;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Secrets;

/// <summary>Every column of every table of every schema, whatever tables there are; a partitioned one with all its partitions.</summary>
internal static class DatabaseDump
{
    private const string Columns = """
        SELECT n.nspname, c.relname, a.attname, a.atttypid = 'bytea'::regtype
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p', 'm', 'S') AND NOT c.relispartition
          AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
        ORDER BY 1, 2, a.attnum
        """;

    public static async Task<Place[]> ReadAsync(NpgsqlDataSource database)
    {
        var columns = new List<(string Schema, string Table, string Column, bool Bytes)>();
        await using (var command = database.CreateCommand(Columns))
        await using (var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken))
        {
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                columns.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3)));
            }
        }

        var places = new List<Place>();
        foreach (var (schema, table, column, bytes) in columns)
        {
            places.Add(new Place(
                $"column {schema}.{table}.{column}", await ReadColumnAsync(database, $"\"{schema}\".\"{table}\"", $"\"{column}\"", bytes)));
        }

        return [.. places];
    }

    // Bytes as they are; all else as the text that PostgreSQL makes of it.
    private static async Task<byte[]> ReadColumnAsync(NpgsqlDataSource database, string table, string column, bool bytes)
    {
        var value = bytes ? column : $"convert_to({column}::text, 'UTF8')";
        await using var command = database.CreateCommand($"SELECT {value} FROM {table} WHERE {column} IS NOT NULL");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        using var all = new MemoryStream();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            all.Write(await reader.GetFieldValueAsync<byte[]>(0, TestContext.Current.CancellationToken));
            all.WriteByte((byte)'\n');
        }

        return all.ToArray();
    }
}
