using System.Text;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Due;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Adapters.Postgres.TestClocks;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.TestClocks;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.TestClocks;

/// <summary>The functions that move a test clock on, with states of nobody's under it.</summary>
public sealed class TestClockStepTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Attempts = 3;
    private const int Page = 100;
    private static readonly DateTimeOffset Start = new(2031, 2, 3, 10, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);
    private static readonly MerchantId Merchant = MerchantId.New(TimeProvider.System);

    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private IOptions<PostgresOptions> Options => Microsoft.Extensions.Options.Options.Create(new PostgresOptions { ServiceId = _service });

    private PostgresTestClocks Clocks => new(database.DataSource, new KeyedWrites(database.DataSource, Options), Options);

    [Fact]
    public async Task Ten_thousand_that_live_by_it_are_named_a_page_at_a_time_and_the_real_index_knows_none_of_them()
    {
        var clock = await AddAsync();
        await using (var many = database.DataSource.CreateCommand(
            """
            INSERT INTO grain_state (service_id, state_name, grain_key, payload, version, clock, clock_due_at)
            SELECT $1, 'payment_session', 'pay_' || n, '{}', 1, $2, $3::timestamptz + n * interval '1 second'
            FROM generate_series(1, 10000) AS n
            """))
        {
            many.Parameters.AddWithValue(_service);
            many.Parameters.AddWithValue(clock.Value);
            many.Parameters.AddWithValue(Start);
            await many.ExecuteNonQueryAsync(Cancelled);
        }

        (await Clocks.AdvanceAsync(Merchant, clock, Start.AddDays(9), key: null, Cancelled)).ShouldBe("moving");
        (await StepAsync(clock)).ShouldBe((true, 0));
        // All are due on one day: one stop.
        (await Clocks.FindTimeAsync(clock.Value, Cancelled))!.Now.ShouldBe(Start.AddSeconds(10_000));
        for (var page = 0; page < 100; page++)
        {
            (await StepAsync(clock)).ShouldBe((true, Page));
            await DoneAsync(Page);
        }

        (await StepAsync(clock)).ShouldBe((false, 0));
        var arrived = (await Clocks.FindAsync(Merchant, clock, Cancelled))!;
        (arrived.FrozenTime, arrived.Status, arrived.Target).ShouldBe((Start.AddDays(9), "ready", null));
        var real = new PostgresDueIndex(database.DataSource, Options);
        (await real.ReadNamesAsync(Start.AddYears(100), Cancelled)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_state_is_due_by_its_clock_as_it_says_and_no_longer_than_it_says()
    {
        var clock = await AddAsync();
        await WriteAsync("pay_1", null, $$"""{"clock":"{{clock.Value}}","clockDueAt":"{{Start.AddHours(1):O}}"}""");
        (await Clocks.AdvanceAsync(Merchant, clock, Start.AddHours(2), key: null, Cancelled)).ShouldBe("moving");
        (await StepAsync(clock)).ShouldBe((true, 0));
        (await StepAsync(clock)).ShouldBe((true, 1));

        await WriteAsync("pay_1", 1, $$"""{"clock":"{{clock.Value}}","dueAt":"{{Now:O}}"}""");

        (await StepAsync(clock)).ShouldBe((false, 0));
        (await new PostgresDueIndex(database.DataSource, Options).ReadNamesAsync(Now, Cancelled)).ShouldBe(["payment_session"]);
    }

    [Fact]
    public async Task Who_is_awaited_in_vain_has_the_clock_fail_and_it_can_be_moved_on_from_there_or_deleted()
    {
        var clock = await AddAsync();
        await WriteAsync("pay_1", null, $$"""{"clock":"{{clock.Value}}","clockDueAt":"{{Start.AddHours(1):O}}"}""");
        (await Clocks.AdvanceAsync(Merchant, clock, Start.AddHours(2), key: null, Cancelled)).ShouldBe("moving");
        (await Clocks.AdvanceAsync(Merchant, clock, Start.AddHours(3), key: null, Cancelled)).ShouldBe("advancing");
        (await Clocks.AdmitAsync(Merchant, clock, 10, Cancelled)).ShouldBe("moving");
        await StepAsync(clock);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            (await StepAsync(clock)).ShouldBe((true, 1));
        }

        (await StepAsync(clock)).ShouldBe((false, 0));
        var failed = (await Clocks.FindAsync(Merchant, clock, Cancelled))!;
        (failed.Status, failed.FrozenTime).ShouldBe(("internal_failure", Start.AddHours(1)));
        (await Clocks.FindMovingAsync(Now, PartitionOf(clock), 10, Cancelled)).ShouldNotContain(clock.Value);

        (await Clocks.AdvanceAsync(Merchant, clock, Start, key: null, Cancelled)).ShouldBe("backwards");
        (await Clocks.AdvanceAsync(Merchant, clock, Start.AddHours(1), key: null, Cancelled)).ShouldBe("moving");
        (await StepAsync(clock)).ShouldBe((true, 1));
        (await Clocks.DeleteAsync(Merchant, clock, Cancelled)).ShouldBeTrue();
        (await Clocks.FindAsync(Merchant, clock, Cancelled)).ShouldBeNull();
        (await Clocks.AdvanceAsync(Merchant, clock, Start.AddHours(5), key: null, Cancelled)).ShouldBe("unknown");
        (await StepAsync(clock)).ShouldBe((true, 1));
        await DoneAsync(1);
        (await StepAsync(clock)).ShouldBe((false, 0));
        // Who lives by it is told for ever what time it is.
        (await Clocks.FindTimeAsync(clock.Value, Cancelled))!.ShouldSatisfyAllConditions(
            time => time.IsGone.ShouldBeTrue(), time => time.Now.ShouldBe(Start.AddHours(1)));
    }

    [Fact]
    public async Task Looks_in_a_while_count_once_and_what_a_deleted_clock_leaves_is_woken_by_the_real_index()
    {
        // The bugs kept away: two that drove a clock, or looked twice, gave up in half the time; and what was left then was in no index.
        var clock = await AddAsync();
        foreach (var key in new[] { "pay_1", "pay_2" })
        {
            await WriteAsync(key, null, $$"""{"clock":"{{clock.Value}}","clockDueAt":"{{Start.AddHours(1):O}}"}""");
        }

        (await Clocks.DeleteAsync(Merchant, clock, Cancelled)).ShouldBeTrue();
        for (var look = 0; look < 10 * Attempts; look++)
        {
            (await StepAsync(clock, TimeSpan.FromHours(1))).ShouldBe((true, 2));
        }

        for (var attempt = 1; attempt < Attempts; attempt++)
        {
            (await StepAsync(clock)).ShouldBe((true, 2));
        }

        (await StepAsync(clock)).ShouldBe((false, 0));
        (await CountDueAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task What_nobody_deletes_is_deleted_by_itself_and_without_anything_under_it_it_is_gone()
    {
        var clock = await AddAsync();

        (await Clocks.FindMovingAsync(Now.AddDays(29), PartitionOf(clock), 10, Cancelled)).ShouldBeEmpty();
        (await Clocks.FindMovingAsync(Now.AddDays(30), PartitionOf(clock), 10, Cancelled)).ShouldBe([clock.Value]);
        (await StepAsync(clock)).ShouldBe((false, 0));

        (await Clocks.FindTimeAsync(clock.Value, Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_each_merchant_one_is_driven_at_a_time_and_of_those_the_one_that_waited_longest()
    {
        var other = MerchantId.New(TimeProvider.System);
        var clocks = new List<TestClockId>();
        while (clocks.Count(clock => PartitionOf(clock) == 3) < 3)
        {
            clocks.Add(await AddAsync(most: 1_000));
        }

        var mine = clocks.Where(clock => PartitionOf(clock) == 3).ToArray();
        TestClockId theirs;
        do
        {
            theirs = await AddAsync(other, most: 1_000);
        }
        while (PartitionOf(theirs) != 3);
        foreach (var (clock, merchant) in mine.Select(clock => (clock, Merchant)).Append((theirs, other)))
        {
            (await Clocks.AdvanceAsync(merchant, clock, Start.AddDays(1), key: null, Cancelled)).ShouldBe("moving");
            await WriteAsync($"pay_{clock.Value}", null, $$"""{"clock":"{{clock.Value}}","clockDueAt":"{{Start:O}}"}""");
            await StepAsync(clock);
        }

        (await Clocks.FindMovingAsync(Now, 3, 2, Cancelled)).ShouldBe([mine[0].Value, theirs.Value]);
        await StepAsync(mine[0]);
        (await Clocks.FindMovingAsync(Now, 3, 2, Cancelled)).ShouldBe([mine[1].Value, theirs.Value]);
        (await Clocks.FindMovingAsync(Now, 4, 2, Cancelled)).ShouldBeEmpty();
    }

    private async Task<TestClockId> AddAsync(MerchantId? merchant = null, int most = 20)
    {
        var clock = new TestClock(TestClockId.New(TimeProvider.System), merchant ?? Merchant, "A year", Now, Now.AddDays(30), Start);
        (await Clocks.AddAsync(clock, most, key: null, Cancelled)).ShouldBeTrue();
        return clock.Id;
    }

    private async Task<(bool GoesOn, int Due)> StepAsync(TestClockId clock, TimeSpan pause = default)
    {
        var (goesOn, due) = await Clocks.StepAsync(clock.Value, Attempts, pause, Page, Cancelled);
        return (goesOn, due.Count);
    }

    private async Task<long> CountDueAsync()
    {
        await using var command = database.DataSource.CreateCommand(
            "SELECT count(*) FROM grain_state WHERE service_id = $1 AND due_at <= clock_timestamp()");
        command.Parameters.AddWithValue(_service);
        return (long)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    // The first so many are due no more.
    private async Task DoneAsync(int many)
    {
        await using var command = database.DataSource.CreateCommand(
            """
            UPDATE grain_state SET clock_due_at = NULL WHERE service_id = $1 AND grain_key IN (
                SELECT grain_key FROM grain_state WHERE service_id = $1 AND clock_due_at IS NOT NULL
                ORDER BY clock_due_at, grain_key LIMIT $2)
            """);
        command.Parameters.AddWithValue(_service);
        command.Parameters.AddWithValue(many);
        (await command.ExecuteNonQueryAsync(Cancelled)).ShouldBe(many);
    }

    private async Task WriteAsync(string key, int? version, string payload)
    {
        await using var command = database.DataSource.CreateCommand("SELECT grain_state_write($1, 'payment_session', $2, $3, $4)");
        command.Parameters.AddWithValue(_service);
        command.Parameters.AddWithValue(key);
        command.Parameters.Add(new Npgsql.NpgsqlParameter<int?> { TypedValue = version });
        command.Parameters.AddWithValue(Encoding.UTF8.GetBytes(payload));
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private int PartitionOf(TestClockId clock)
    {
        using var command = database.DataSource.CreateCommand("SELECT (hashtext($1) & 2147483647) % $2");
        command.Parameters.AddWithValue(clock.Value);
        command.Parameters.AddWithValue(DuePartitions.Count);
        return (int)command.ExecuteScalar()!;
    }
}
