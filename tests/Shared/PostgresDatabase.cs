using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Migrations;

namespace StellarPay.Tests.Shared;

/// <summary>
/// A fixture: a migrated database of its own for a test class, copied from a template that is made once a process.
/// </summary>
public sealed class PostgresDatabase : IAsyncLifetime
{
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

    private static async Task<string> CreateTemplateAsync()
    {
        var name = await CreateAsync(" TEMPLATE template0");
        // Without a pool, so that no connection is left to stand in the way of copying.
        var connectionString = await ConnectionStringOfAsync(name) + ";Pooling=false";
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddStellarPayPostgres(options => options.ConnectionString = connectionString)
            .BuildServiceProvider();
        await services.GetRequiredService<IPostgresMigrator>().MigrateAsync(CancellationToken.None);
        return name;
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
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync();
    }
}
