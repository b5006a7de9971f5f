using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StellarPay.Adapters.Postgres.Migrations;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Migrations;

public sealed class MigratorTests
{
    private static readonly Migration First = Migration.Parse("0001_first.sql", "CREATE TABLE first (n integer);");
    private static readonly Migration Second = Migration.Parse("0002_second.sql", "CREATE TABLE second (n integer);");

    [Fact]
    public async Task Migrations_are_applied_once_and_in_order()
    {
        await using var database = await EmptyAsync();

        (await MigrateAsync(database, Second, First)).ShouldBe(["0001_first.sql", "0002_second.sql"]);
        (await MigrateAsync(database, First, Second)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_changed_migration_is_refused_by_name()
    {
        await using var database = await EmptyAsync();
        await MigrateAsync(database, First);

        var changed = Migration.Parse(First.Name, First.Sql + " -- changed");
        var refusal = await Should.ThrowAsync<MigrationException>(() => MigrateAsync(database, changed));

        refusal.Message.ShouldBe(
            "Migration 0001_first.sql was changed after it had been applied. Undo the change and write it as a new "
            + "migration.");
    }

    [Fact]
    public void Line_ends_do_not_change_a_checksum()
    {
        Migration.Parse("0001_a.sql", "SELECT 1;\r\nSELECT 2;\r\n").Checksum
            .ShouldBe(Migration.Parse("0001_a.sql", "SELECT 1;\nSELECT 2;\n").Checksum);
    }

    [Fact]
    public async Task A_migration_that_comes_before_an_applied_one_is_refused_by_name()
    {
        await using var database = await EmptyAsync();
        await MigrateAsync(database, Second);

        var refusal = await Should.ThrowAsync<MigrationException>(() => MigrateAsync(database, First, Second));

        refusal.Message.ShouldBe(
            "Migration 0001_first.sql comes before 0002_second.sql, which is applied already. Give it the next free "
            + "number.");
    }

    [Fact]
    public async Task An_older_program_starts_against_a_newer_schema()
    {
        await using var database = await EmptyAsync();
        await MigrateAsync(database, First, Second);

        (await MigrateAsync(database, First)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_database_of_before_the_first_release_is_refused_with_what_to_do()
    {
        // The bug kept away: whoever had run an earlier version was told to undo a change to a migration.
        await using var database = await EmptyAsync();
        await MigrateAsync(
            database, Migration.Parse(First.Name, First.Sql + " -- of then"), Migration.Parse("0002_other.sql", "CREATE TABLE other (n integer);"));

        (await Should.ThrowAsync<MigrationException>(() => MigrateAsync(database, First, Second))).Message.ShouldBe(
            "The database is of a version before the first release, whose migrations were others (0002_other.sql), and cannot be "
            + "upgraded. Delete .stellarpay/postgres and .stellarpay/sandbox to begin anew, or name another database in "
            + "STELLARPAY_POSTGRES.");
    }

    [Fact]
    public async Task A_failing_migration_leaves_nothing_of_itself_and_keeps_those_before_it()
    {
        await using var database = await EmptyAsync();
        var broken = Migration.Parse("0002_broken.sql", "CREATE TABLE half (n integer); SELECT 1 / 0;");

        var failure = await Should.ThrowAsync<MigrationException>(() => MigrateAsync(database, First, broken));

        failure.Message.ShouldBe("Migration 0002_broken.sql failed: division by zero");
        (await CountAsync(database, "SELECT count(*) FROM pg_tables WHERE tablename = 'half'")).ShouldBe(0);
        (await CountAsync(database, "SELECT count(*) FROM schema_migrations")).ShouldBe(1);
    }

    // The bug kept away: while a migration's transaction writes, no reader sees an event; one of an hour stopped the hub for one.
    [Fact]
    public async Task A_migration_that_takes_long_inside_a_transaction_is_undone_with_what_to_do_about_it()
    {
        await using var database = await EmptyAsync();
        var slow = Migration.Parse("0002_slow.sql", "CREATE TABLE half (n integer); SELECT pg_sleep(60);");

        var failure = await Should.ThrowAsync<MigrationException>(
            () => new PostgresMigrator(
                    database, NullLogger<PostgresMigrator>.Instance, [First, slow], longest: TimeSpan.FromSeconds(2))
                .MigrateAsync(TestContext.Current.CancellationToken));

        failure.Message.ShouldBe(
            "Migration 0002_slow.sql took too long and was undone. While its transaction writes, no reader sees an event: write it as "
            + "one statement that needs no transaction, or that commits in pieces, under '-- outside a transaction'.");
        (await CountAsync(database, "SELECT count(*) FROM pg_tables WHERE tablename = 'half'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_migration_outside_a_transaction_takes_its_time_is_applied_once_and_holds_nobody_who_starts_meanwhile()
    {
        var connectionString = await PostgresDatabase.CreateEmptyAsync();
        var index = Migration.Parse("0002_index.sql", "-- outside a transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS first_n ON first (n);");

        var applied = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            await using var database = NpgsqlDataSource.Create(connectionString);
            return await MigrateAsync(database, First, index);
        }));

        applied.SelectMany(names => names).Order(StringComparer.Ordinal).ShouldBe(["0001_first.sql", "0002_index.sql"]);
        await using var after = NpgsqlDataSource.Create(connectionString);
        (await CountAsync(after, "SELECT count(*) FROM pg_indexes WHERE indexname = 'first_n'")).ShouldBe(1);
        (await CountAsync(after, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")).ShouldBe(0);
    }

    [Fact]
    public async Task A_migration_outside_a_transaction_that_failed_is_begun_again()
    {
        await using var database = await EmptyAsync();
        var sql = "-- outside a transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS first_n ON later (n);";
        (await Should.ThrowAsync<MigrationException>(() => MigrateAsync(database, First, Migration.Parse("0002_index.sql", sql))))
            .Message.ShouldBe("Migration 0002_index.sql failed: relation \"later\" does not exist");
        await using (var make = database.CreateCommand("CREATE TABLE later (n integer)"))
        {
            await make.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        (await MigrateAsync(database, First, Migration.Parse("0002_index.sql", sql))).ShouldBe(["0002_index.sql"]);
    }

    [Fact]
    public void Two_migrations_with_one_number_are_refused()
    {
        Should.Throw<MigrationException>(
                () => Migration.InOrder([First, Migration.Parse("0001_other.sql", "SELECT 1;")]))
            .Message.ShouldBe("Migrations 0001_first.sql and 0001_other.sql have the same number.");
    }

    [Theory]
    [InlineData("1_short.sql")]
    [InlineData("0001-dash.sql")]
    [InlineData("0001_name.txt")]
    [InlineData("+001_name.sql")]
    public void A_file_that_is_not_named_like_a_migration_is_refused(string name)
    {
        Should.Throw<MigrationException>(() => Migration.Parse(name, "SELECT 1;"))
            .Message.ShouldBe($"Migration {name} is not named NNNN_name.sql.");
    }

    [Fact]
    public async Task Of_four_that_start_at_once_each_migration_is_applied_by_exactly_one()
    {
        var connectionString = await PostgresDatabase.CreateEmptyAsync();
        var own = Migration.EmbeddedIn(typeof(PostgresMigrator).Assembly);

        // A data source of its own for each, as four processes would have.
        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var database = NpgsqlDataSource.Create(connectionString);
            return await MigrateAsync(database, [.. own]);
        }));

        applied.SelectMany(names => names).Order(StringComparer.Ordinal).ShouldBe(own.Select(m => m.Name));
    }

    private static async Task<NpgsqlDataSource> EmptyAsync() =>
        NpgsqlDataSource.Create(await PostgresDatabase.CreateEmptyAsync());

    private static Task<IReadOnlyList<string>> MigrateAsync(NpgsqlDataSource database, params Migration[] migrations) =>
        new PostgresMigrator(database, NullLogger<PostgresMigrator>.Instance, Migration.InOrder(migrations))
            .MigrateAsync(TestContext.Current.CancellationToken);

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
