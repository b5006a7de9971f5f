using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StellarPay.Adapters.Postgres.Migrations;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Migrations;

/// <summary>
/// PostgreSQL compiles no statement of ours. The bug kept away: the walk of the inbox's sweep, three milliseconds of work, takes half a
/// second where the planner guesses that it costs enough to be compiled.
/// </summary>
public sealed class CompilerTests
{
    [Fact]
    public async Task Sessions_of_a_migrated_database_compile_nothing()
    {
        await using var database = NpgsqlDataSource.Create(await PostgresDatabase.CreateEmptyAsync());
        await MigrateAsync(database, Migration.EmbeddedIn(typeof(PostgresMigrator).Assembly));

        (await ReadAsync(database, "SHOW jit")).ShouldBe("off");
    }

    [Fact]
    public async Task Neither_do_those_of_a_role_that_does_not_own_the_database()
    {
        var connectionString = await PostgresDatabase.CreateEmptyAsync();
        var role = $"tenant_{Guid.CreateVersion7():N}";
        await using (var owner = NpgsqlDataSource.Create(connectionString))
        {
            await ReadAsync(owner, $"CREATE ROLE {role} LOGIN");
            await ReadAsync(owner, $"GRANT CREATE ON SCHEMA public TO {role}");
        }

        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Username = role };
        await using var tenant = NpgsqlDataSource.Create(settings.ConnectionString);
        var all = Migration.EmbeddedIn(typeof(PostgresMigrator).Assembly);
        await MigrateAsync(tenant, [all.Single(migration => migration.Name.EndsWith("_no_jit.sql", StringComparison.Ordinal))]);

        (await ReadAsync(tenant, "SELECT current_user || ' ' || current_setting('jit')")).ShouldBe($"{role} off");
        await using var other = NpgsqlDataSource.Create(connectionString);
        (await ReadAsync(other, "SHOW jit")).ShouldBe("on");
    }

    private static Task MigrateAsync(NpgsqlDataSource database, IReadOnlyList<Migration> migrations) =>
        new PostgresMigrator(database, NullLogger<PostgresMigrator>.Instance, migrations)
            .MigrateAsync(TestContext.Current.CancellationToken);

    private static async Task<string?> ReadAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (string?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
