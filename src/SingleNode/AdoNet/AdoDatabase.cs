using System.Data;
using System.Data.Common;
using Npgsql;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>Runs the query texts of the database's OrleansQuery table, as Orleans' providers run them.</summary>
internal sealed class AdoDatabase
{
    private const string OnlyInvariant = "Npgsql";

    private readonly Func<DbConnection> _newConnection;

    public AdoDatabase(string optionsName, string? invariant, string? connectionString, DbDataSource? dataSource)
    {
        if (invariant != OnlyInvariant)
        {
            throw new OrleansConfigurationException(
                $"Invalid {optionsName}: the Invariant is '{invariant}', but SingleNode knows only '{OnlyInvariant}'.");
        }

        if (string.IsNullOrWhiteSpace(connectionString) == dataSource is null)
        {
            throw new OrleansConfigurationException(
                $"Invalid {optionsName}: give exactly one of ConnectionString and DataSource.");
        }

        _newConnection = dataSource is null
            ? () => new NpgsqlConnection(connectionString)
            : dataSource.CreateConnection;
        Name = connectionString ?? dataSource!.ConnectionString;
    }

    /// <summary>Tells databases apart. It may hold a password, so it is never shown.</summary>
    public string Name { get; }

    public DbConnection NewConnection() => _newConnection();

    public async Task<List<T>> QueryAsync<T>(
        string sql,
        Action<DbCommand> addParameters,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken)
    {
        await using var connection = _newConnection();
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        addParameters(command);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The query texts by key, of which the given ones must be there.</summary>
    public async Task<Dictionary<string, string>> QueriesAsync(string[] required, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(
            "SELECT QueryKey, QueryText FROM OrleansQuery",
            static _ => { },
            static row => (Key: row.GetString(0), Text: row.GetString(1)),
            cancellationToken).ConfigureAwait(false);
        var queries = rows.ToDictionary(row => row.Key, row => row.Text);
        var missing = required.Where(key => !queries.ContainsKey(key)).ToArray();
        return missing.Length == 0 ? queries : throw new ArgumentException(
            $"Not all required queries found. Missing are: {string.Join(", ", missing)}");
    }
}

/// <summary>Parameters and columns with the types that Orleans' providers give them.</summary>
internal static class AdoValues
{
    public static DbCommand With(this DbCommand command, string name, int? value) => command.Add(name, DbType.Int32, value);

    public static DbCommand With(this DbCommand command, string name, long value) => command.Add(name, DbType.Int64, value);

    public static DbCommand With(this DbCommand command, string name, string? value) => command.Add(name, DbType.String, value);

    public static DbCommand With(this DbCommand command, string name, byte[] value) => command.Add(name, DbType.Binary, value);

    public static DbCommand With(this DbCommand command, string name, DateTime value) =>
        command.Add(name, DbType.DateTime, DateTime.SpecifyKind(value, DateTimeKind.Utc));

    public static int? Int32OrNull(this DbDataReader row, string column)
    {
        var ordinal = row.GetOrdinal(column);
        return row.IsDBNull(ordinal)
            ? null
            : Convert.ToInt32(row.GetValue(ordinal), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static DbCommand Add(this DbCommand command, string name, DbType type, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = type;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
        return command;
    }
}
