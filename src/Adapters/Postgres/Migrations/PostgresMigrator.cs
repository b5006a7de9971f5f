using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace StellarPay.Adapters.Postgres.Migrations;

/// <summary>
/// Applies each missing migration in a transaction of its own that holds an advisory lock, so that of several
/// processes that start together one applies it and the others find it applied. One that takes long stops the readers of
/// events, and runs outside a transaction (<see cref="Migration.OutsideMark"/>).
/// </summary>
internal sealed partial class PostgresMigrator : IPostgresMigrator
{
    private const long LockKey = 0x5354454C4C4152; // "STELLAR"

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly TimeSpan _longest;
    private readonly NpgsqlDataSource _database;
    private readonly ILogger<PostgresMigrator> _logger;
    private readonly IReadOnlyList<Migration> _migrations;

    [ActivatorUtilitiesConstructor]
    public PostgresMigrator(DirectDatabase database, ILogger<PostgresMigrator> logger)
        : this(database.Source, logger, Migration.EmbeddedIn(typeof(PostgresMigrator).Assembly))
    {
    }

    internal PostgresMigrator(
        NpgsqlDataSource database, ILogger<PostgresMigrator> logger, IReadOnlyList<Migration> migrations, TimeSpan? longest = null)
    {
        _database = database;
        _logger = logger;
        _migrations = migrations;
        _longest = longest ?? Longest;
    }

    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        var applied = new List<string>();
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        while (await ApplyNextAsync(connection, cancellationToken) is { } name)
        {
            applied.Add(name);
            LogApplied(_logger, name);
        }

        if (applied.Count > 0)
        {
            // A migration may set how sessions are: those that began before it are not used again.
            _database.Clear();
        }

        return applied;
    }

    private async Task<string?> ApplyNextAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginLockedAsync(connection, cancellationToken);
        var done = await ReadAppliedAsync(connection, cancellationToken);
        var next = NextOf(_migrations, done);
        if (next is { IsOutside: true })
        {
            // The lock goes on with the session.
            await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            await ApplyOutsideAsync(connection, next, cancellationToken);
            return next.Name;
        }

        if (next is not null)
        {
            await LimitAsync(connection, cancellationToken);
            await ApplyAsync(connection, next, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return next?.Name;
    }

    // Whoever waits holds no snapshot meanwhile: CREATE INDEX CONCURRENTLY waits for all of them.
    private async Task<NpgsqlTransaction> BeginLockedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_xact_lock({LockKey})", connection);
            if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!)
            {
                return transaction;
            }

            await transaction.DisposeAsync();
            await Task.Delay(LockPause, _time, cancellationToken);
        }
    }

    private async Task ApplyOutsideAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        try
        {
            await ApplyAsync(connection, migration, cancellationToken);
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    // Of a statement, not of all: a new database takes all files at once, and nobody reads events there.
    private Task LimitAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ExecuteAsync(
        connection,
        string.Create(CultureInfo.InvariantCulture, $"SET LOCAL statement_timeout = {(long)_longest.TotalMilliseconds}"),
        cancellationToken);

    /// <summary>
    /// The first migration not applied yet. Applied ones that are unknown here and newer than ours are left alone: an
    /// older program starts against a newer schema in the middle of a rolling upgrade.
    /// </summary>
    internal static Migration? NextOf(IReadOnlyList<Migration> migrations, IReadOnlyDictionary<string, string> done)
    {
        RefuseOtherHistory(migrations, done.Keys);
        var next = migrations.FirstOrDefault(m => !done.ContainsKey(m.Name));
        foreach (var migration in migrations)
        {
            if (!done.TryGetValue(migration.Name, out var checksum))
            {
                continue;
            }

            if (checksum != migration.Checksum)
            {
                throw new MigrationException(
                    $"Migration {migration.Name} was changed after it had been applied. Undo the change and write it "
                    + "as a new migration.");
            }

            if (next is not null && next.Number < migration.Number)
            {
                throw new MigrationException(
                    $"Migration {next.Name} comes before {migration.Name}, which is applied already. Give it the next "
                    + "free number.");
            }
        }

        return next;
    }

    // Before the first release the migrations were written anew. A number of ours under another name is of that time.
    private static void RefuseOtherHistory(IReadOnlyList<Migration> migrations, IEnumerable<string> done)
    {
        var ours = migrations.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        var newest = migrations.Count == 0 ? 0 : migrations[^1].Number;
        var other = done.Where(name => !ours.Contains(name)).Order(StringComparer.Ordinal)
            .FirstOrDefault(name => Migration.Parse(name, "").Number <= newest);
        if (other is not null)
        {
            throw new MigrationException(
                $"The database is of a version before the first release, whose migrations were others ({other}), and cannot be "
                + "upgraded. Delete .stellarpay/postgres and .stellarpay/sandbox to begin anew, or name another database in "
                + "STELLARPAY_POSTGRES.");
        }
    }

    private static async Task<Dictionary<string, string>> ReadAppliedAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            connection,
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
            """,
            cancellationToken);
        var done = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("SELECT name, checksum FROM schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            done.Add(reader.GetString(0), reader.GetString(1));
        }

        return done;
    }

    private static async Task ApplyAsync(
        NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && !migration.IsOutside)
        {
            throw new MigrationException(
                $"Migration {migration.Name} took too long and was undone. While its transaction writes, no reader sees an event: "
                + $"write it as one statement that needs no transaction, or that commits in pieces, under '{Migration.OutsideMark}'.",
                e);
        }
        catch (PostgresException e)
        {
            throw new MigrationException($"Migration {migration.Name} failed: {e.MessageText}", e);
        }

        await using var record = new NpgsqlCommand(
            "INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)", connection);
        record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Name });
        record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Checksum });
        await record.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Migration {Name} applied.")]
    private static partial void LogApplied(ILogger logger, string name);
}
