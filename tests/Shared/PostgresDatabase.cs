using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Migrations;

namespace StellarPay.Tests.Shared;

/// <summary>
/// A fixture: a migrated database of its own for a test class, copied from a template that is made once a server.
/// </summary>
public sealed class PostgresDatabase : IAsyncLifetime
{
    private const long TemplateLock = 0x54454D504C41; // "TEMPLA"

    private static readonly Lazy<Task<string>> Template = new(CreateTemplateAsync);

    private string _name = "";

    public string ConnectionString { get; private set; } = "";

    public NpgsqlDataSource DataSource { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _name = await CreateAsync($" TEMPLATE {await Template.Value}");
        ConnectionString = await ConnectionStringOfAsync(_name);
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await DropAsync(_name);
    }

    /// <summary>A database with nothing in it, for the tests of migration itself.</summary>
    public static async Task<string> CreateEmptyAsync() =>
        await ConnectionStringOfAsync(await CreateAsync(" TEMPLATE template0"));

    // One for all test programs on the server that have the same build of the migrations: the first one migrates it, and
    // the others wait.
    private static async Task<string> CreateTemplateAsync()
    {
        var name = $"stellarpay_template_{typeof(IPostgresMigrator).Module.ModuleVersionId:N}";
        await using var connection = new NpgsqlConnection((await PostgresCluster.GetAsync()).ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({TemplateLock})");
        if (!await ExistsAsync(connection, name))
        {
            var unfinished = await CreateAsync(" TEMPLATE template0");
            await MigrateAsync(await ConnectionStringOfAsync(unfinished));
            await ExecuteAsync(connection, $"ALTER DATABASE {unfinished} RENAME TO {name}");
        }

        return name;
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            // Without a pool, so that no connection is left to stand in the way of copying.
            .AddStellarPayPostgres(options => options.ConnectionString = connectionString + ";Pooling=false")
            .BuildServiceProvider();
        await services.GetRequiredService<IPostgresMigrator>().MigrateAsync(CancellationToken.None);
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string name)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", connection);
        command.Parameters.AddWithValue(name);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<string> CreateAsync(string template)
    {
        var name = $"stellarpay_test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name}{template}");
        return name;
    }

    private static async Task DropAsync(string name)
    {
        if (!(await PostgresCluster.GetAsync()).IsPrivate)
        {
            await ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        }
    }

    private static async Task<string> ConnectionStringOfAsync(string name) =>
        new NpgsqlConnectionStringBuilder((await PostgresCluster.GetAsync()).ConnectionString)
        {
            Database = name,
            MaxPoolSize = 32,
        }.ConnectionString;

    private static async Task ExecuteAsync(string sql)
    {
        var cluster = await PostgresCluster.GetAsync();
        await using var connection = new NpgsqlConnection(cluster.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await ExecuteAsync(connection, sql);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync();
    }
}
