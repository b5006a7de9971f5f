using System.Data;
using Npgsql;

namespace StellarPay.Adapters.Tests.Postgres.Orleans;

/// <summary>
/// Runs the texts of OrleansQuery as Orleans' ADO.NET providers do: parameters by name with a DbType from their CLR
/// type, no explicit transaction, every result read through a reader.
/// </summary>
internal sealed class OrleansQueries(NpgsqlDataSource database)
{
    public async Task<List<Dictionary<string, object?>>> RunAsync(string key, params (string Name, object? Value)[] parameters)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var command = database.CreateCommand(await TextOfAsync(key));
        foreach (var (name, value) in parameters)
        {
            command.Parameters.Add(Parameter(name, value));
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<Dictionary<string, object?>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < reader.FieldCount; i++)
            {
                row.Add(reader.GetName(i), reader.IsDBNull(i) ? null : reader.GetValue(i));
            }

            rows.Add(row);
        }

        return rows;
    }

    public async Task<object?> ScalarAsync(string key, params (string Name, object? Value)[] parameters) =>
        (await RunAsync(key, parameters)).ShouldHaveSingleItem().Values.First();

    private async Task<string> TextOfAsync(string key)
    {
        await using var command = database.CreateCommand("SELECT QueryText FROM OrleansQuery WHERE QueryKey = $1");
        command.Parameters.AddWithValue(key);
        return (string?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException($"OrleansQuery has no {key}.");
    }

    private static NpgsqlParameter Parameter(string name, object? value)
    {
        var (type, given) = value switch
        {
            int => (DbType.Int32, value),
            long => (DbType.Int64, value),
            string => (DbType.String, value),
            byte[] => (DbType.Binary, value),
            DateTime => (DbType.DateTime, value),
            Null none => (none.Type, DBNull.Value),
            _ => throw new ArgumentException($"Orleans passes no {value?.GetType().Name ?? "untyped null"}.", name),
        };
        return new NpgsqlParameter { ParameterName = name, DbType = type, Value = given };
    }
}

/// <summary>Orleans' nulls keep the type of the parameter.</summary>
internal sealed record Null(DbType Type)
{
    public static Null Int { get; } = new(DbType.Int32);

    public static Null Text { get; } = new(DbType.String);
}
