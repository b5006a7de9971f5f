using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace StellarPay.Adapters.Postgres.Storage.GroupCommit;

/// <summary>What a loop writes through.</summary>
internal interface IWriteConnection : IAsyncDisposable
{
    /// <summary>By what the session is found in the database.</summary>
    string Name { get; }

    /// <summary>Whether it is still good after a statement failed.</summary>
    bool IsOpen { get; }

    /// <summary>Writes a batch in one statement, which is one transaction.</summary>
    Task<IReadOnlyList<WriteVerdict>> WriteAsync(IReadOnlyList<PendingWrite> batch, CancellationToken cancellationToken);
}

/// <summary>
/// The one connection of a loop, with its one statement prepared. It has a name of its own in the database, by which the session
/// is found and ended should the connection be lost.
/// </summary>
internal sealed class WriteConnection : IWriteConnection
{
    private const string Sql =
        "SELECT place, verdict, new_version, code, message, constraint_name FROM grain_states_write($1, $2, $3, $4, $5)";

    // The server gives up first; the client only where it hears nothing.
    private const string ServerTimeouts = "-c statement_timeout=5000";
    private const int ClientTimeoutSeconds = 8;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _command;

    private WriteConnection(string name, string serviceId, NpgsqlDataSource source, NpgsqlConnection connection)
    {
        (Name, _source, _connection) = (name, source, connection);
        _command = new NpgsqlCommand(Sql, connection) { CommandTimeout = ClientTimeoutSeconds };
        _command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = serviceId });
        Add(NpgsqlDbType.Array | NpgsqlDbType.Text);
        Add(NpgsqlDbType.Array | NpgsqlDbType.Text);
        Add(NpgsqlDbType.Array | NpgsqlDbType.Integer);
        Add(NpgsqlDbType.Array | NpgsqlDbType.Bytea);
    }

    /// <summary>The session's application_name.</summary>
    public string Name { get; }

    public bool IsOpen => _connection.FullState == ConnectionState.Open;

    public static async Task<IWriteConnection> OpenAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        var name = $"stellarpay-writes-{Guid.NewGuid():N}";
        var source = Source(options, name);
        try
        {
            var connection = await source.OpenConnectionAsync(cancellationToken);
            var opened = new WriteConnection(name, options.ServiceId, source, connection);
            await opened._command.PrepareAsync(cancellationToken);
            return opened;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>What one connection is opened from.</summary>
    internal static NpgsqlDataSource Source(PostgresOptions options, string name)
    {
        // Without a name Npgsql tells its metrics by the connection string, certificate password and all.
        var builder = new NpgsqlDataSourceBuilder(options.DirectConnectionString) { Name = "stellarpay-writes" };
        var settings = builder.ConnectionStringBuilder;
        settings.ApplicationName = name;
        settings.Pooling = false;
        settings.Multiplexing = false;
        settings.Timeout = ClientTimeoutSeconds;
        settings.Options = string.IsNullOrEmpty(settings.Options) ? ServerTimeouts : $"{settings.Options} {ServerTimeouts}";
        builder.EndThemFromTheStart(options.IdleInTransaction);
        return builder.Build();
    }

    public async Task<IReadOnlyList<WriteVerdict>> WriteAsync(
        IReadOnlyList<PendingWrite> batch, CancellationToken cancellationToken)
    {
        _command.Parameters[1].Value = Each(batch, write => write.Key.StateName);
        _command.Parameters[2].Value = Each(batch, write => write.Key.GrainKey);
        _command.Parameters[3].Value = Each(batch, write => write.Version);
        _command.Parameters[4].Value = Each(batch, write => write.Payload);
        await using var reader = await _command.ExecuteReaderAsync(cancellationToken);
        var verdicts = new List<WriteVerdict>(batch.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            verdicts.Add(new WriteVerdict(
                reader.GetInt32(0) - 1,
                reader.GetString(1),
                reader.IsDBNull(2) ? null : reader.GetInt32(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5)));
        }

        return verdicts;
    }

    public async ValueTask DisposeAsync()
    {
        await _command.DisposeAsync();
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private void Add(NpgsqlDbType type) => _command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });

    private static T[] Each<T>(IReadOnlyList<PendingWrite> batch, Func<PendingWrite, T> part)
    {
        var parts = new T[batch.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = part(batch[i]);
        }

        return parts;
    }
}
