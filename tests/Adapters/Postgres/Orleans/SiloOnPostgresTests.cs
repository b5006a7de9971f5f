using System.Text;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Orleans;

/// <summary>Grains on the actor runtime's own ADO.NET providers, which call our functions. Holds on both runtimes.</summary>
public sealed class SiloOnPostgresTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _key = $"tally_{Guid.NewGuid():N}";

    [Fact]
    public async Task State_outlives_the_silo_and_is_plain_JSON_under_the_grains_own_key()
    {
        await using (var silo = await SiloOnPostgres.StartAsync(database.ConnectionString))
        {
            await silo.Tally(_key).AddAsync(5, null, null);
            (await silo.Tally(_key).AddAsync(2, null, null)).ShouldBe(7);
        }

        (await RowAsync()).ShouldBe("""tests tests_tally 2 {"sum": 7}""");
        await using (var silo = await SiloOnPostgres.StartAsync(database.ConnectionString))
        {
            (await silo.Tally(_key).GetAsync()).ShouldBe(7);
        }
    }

    [Theory]
    [InlineData("wal_0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcde_")]
    [InlineData("plt_fees_00")]
    [InlineData("wal_ABC+def/ghi ü'\"")]
    [InlineData("_deadbeef")]
    public async Task A_key_with_an_underscore_is_stored_exactly_as_it_is(string key)
    {
        // Orleans reads keys that look like GUIDs or hexadecimal numbers as such; with an underscore none does.
        await using var silo = await SiloOnPostgres.StartAsync(database.ConnectionString);

        await silo.Tally(key).AddAsync(1, null, null);

        (await ScalarAsync("SELECT count(*) FROM grain_state WHERE grain_key = $1", key)).ShouldBe(1L);
    }

    [Fact]
    public async Task A_write_appends_its_events_and_its_due_time()
    {
        await using var silo = await SiloOnPostgres.StartAsync(database.ConnectionString);

        await silo.Tally(_key).AddAsync(5, $"evt_1{_key}", new DateTimeOffset(2026, 3, 1, 13, 0, 0, TimeSpan.Zero));
        await silo.Tally(_key).AddAsync(5, $"evt_2{_key}", new DateTimeOffset(2026, 3, 1, 14, 0, 0, TimeSpan.Zero));

        (await ScalarAsync("SELECT string_agg(data ->> 'by', ' ') FROM events WHERE subject = $1", _key)).ShouldBe("5 5");
        (await ScalarAsync("SELECT due_at FROM grain_state WHERE grain_key = $1", _key))
            .ShouldBe(new DateTime(2026, 3, 1, 14, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public async Task A_write_over_someone_elses_is_an_inconsistent_state_and_reading_again_heals_it()
    {
        await using var silo = await SiloOnPostgres.StartAsync(database.ConnectionString);
        await silo.Tally(_key).AddAsync(5, null, null);
        await using (var behind = database.DataSource.CreateCommand("SELECT grain_state_write('tests', $1, $2, 1, $3)"))
        {
            behind.Parameters.AddWithValue(TallyGrain.StateName);
            behind.Parameters.AddWithValue(_key);
            behind.Parameters.AddWithValue(Encoding.UTF8.GetBytes("""{"sum":100}"""));
            (await behind.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(2);
        }

        (await silo.Tally(_key).TryAddAsync(1)).ShouldBe("InconsistentStateException");
        (await silo.Tally(_key).GetAsync()).ShouldBe(100);
        (await silo.Tally(_key).TryAddAsync(1)).ShouldBeNull();
        (await RowAsync()).ShouldBe("""tests tests_tally 3 {"sum": 101}""");
    }

    [Fact]
    public async Task A_cleared_state_is_no_record_and_can_be_written_again()
    {
        await using (var silo = await SiloOnPostgres.StartAsync(database.ConnectionString))
        {
            await silo.Tally(_key).AddAsync(5, null, null);
            await silo.Tally(_key).ClearAsync();
            (await silo.Tally(_key).ExistsAsync()).ShouldBeFalse();
        }

        await using (var silo = await SiloOnPostgres.StartAsync(database.ConnectionString))
        {
            (await silo.Tally(_key).ExistsAsync()).ShouldBeFalse();
            (await silo.Tally(_key).GetAsync()).ShouldBe(0);
            (await silo.Tally(_key).AddAsync(3, null, null)).ShouldBe(3);
        }

        (await RowAsync()).ShouldBe("""tests tests_tally 3 {"sum": 3}""");
    }

    [Fact]
    public async Task Reminders_are_rows_that_outlive_the_silo()
    {
        await using (var silo = await SiloOnPostgres.StartAsync(database.ConnectionString))
        {
            await silo.Tally(_key).RemindAsync("later", TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        }

        (await ScalarAsync("SELECT period_ms FROM reminders WHERE grain_id LIKE '%/' || $1", _key)).ShouldBe(7_200_000L);
        await using (var silo = await SiloOnPostgres.StartAsync(database.ConnectionString))
        {
            (await silo.Tally(_key).ForgetAsync("later")).ShouldBeTrue();
            (await silo.Tally(_key).ForgetAsync("later")).ShouldBeFalse();
        }

        (await ScalarAsync("SELECT count(*) FROM reminders WHERE grain_id LIKE '%/' || $1", _key)).ShouldBe(0L);
    }

    [Fact]
    public async Task Two_silos_on_one_database_are_one_cluster_and_one_that_stops_leaves_its_grains_to_the_other()
    {
        await using var second = await SiloOnPostgres.StartAsync(database.ConnectionString);
        await using (var first = await SiloOnPostgres.StartAsync(database.ConnectionString))
        {
            for (var n = 0; n < 8; n++)
            {
                (await first.Tally($"{_key}_{n}").AddAsync(1, null, null)).ShouldBe(1);
                (await second.Tally($"{_key}_{n}").AddAsync(2, null, null)).ShouldBe(3);
            }
        }

        for (var n = 0; n < 8; n++)
        {
            (await second.Tally($"{_key}_{n}").AddAsync(4, null, null)).ShouldBe(7);
        }

        // Whether every silo has a row of its own in membership is the runtime's affair; that none is left active for
        // one that has stopped is ours to keep.
        (await ScalarAsync("SELECT count(*) FROM membership WHERE status = 3 AND cluster_id = $1", "tests"))
            .ShouldBeOfType<long>().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_silo_that_stopped_keeps_no_one_off_the_database()
    {
        // A connection that goes back to its pool keeps its session, and with it every lock of the session.
        await using (var silo = await SiloOnPostgres.StartAsync(database.ConnectionString))
        {
            await silo.Tally(_key).AddAsync(1, null, null);
        }

        (await ScalarAsync(
            """
            SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
            WHERE l.locktype = 'advisory' AND d.datname = current_database() AND $1 <> ''
            """,
            _key)).ShouldBe(0L);
    }

    private async Task<object?> RowAsync() => await ScalarAsync(
        "SELECT concat_ws(' ', service_id, state_name, version, payload) FROM grain_state WHERE grain_key = $1", _key);

    private async Task<object?> ScalarAsync(string sql, string parameter)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue(parameter);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
