using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Grains.Payments;
using StellarPay.Tests;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Idempotency;

/// <summary>A key is there with what was done under it, and not without: in one transaction with it.</summary>
public sealed class KeyedWritesTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly IOptions<PostgresOptions> _options = Options.Create(new PostgresOptions { ServiceId = $"tests-{Guid.NewGuid():N}" });

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private KeyedWrites Writes => new(database.DataSource, _options);

    private PostgresIdempotencyIndex Index => new(database.DataSource, _options);

    [Fact]
    public async Task A_key_is_kept_with_what_was_done_and_not_with_what_was_refused_or_broke()
    {
        (await AskAsync("a", "no")).ShouldBe("no");
        await Should.ThrowAsync<PostgresException>(() => AskAsync("a", sql: "SELECT (1 / 0)::text"));
        (await FindAsync("a")).ShouldBeNull();

        (await AskAsync("a", "done")).ShouldBe("done");

        var kept = (await FindAsync("a")).ShouldNotBeNull();
        (kept.Subject, kept.Until).ShouldBe(("obj_1", Noon.AddHours(24)));
        KeyOf("a").AnswerOf(kept).Value.ShouldBe("obj_1");
        (KeyOf("a") with { Fingerprint = "g" }).AnswerOf(kept).Error!.Code.ShouldBe("idempotency_key_reused");
    }

    [Fact]
    public async Task A_key_that_was_used_lets_nothing_be_done_until_its_day_is_over()
    {
        await AskAsync("a", "done");

        (await Should.ThrowAsync<KeyRefusedException>(() => AskAsync("a", "done"))).Why.ShouldBe(KeyRefusal.Used);
        (await Should.ThrowAsync<KeyRefusedException>(() => AskAsync("a", "done", at: Noon.AddHours(24).AddTicks(-10)))).Why.ShouldBe(KeyRefusal.Used);
        (await AskAsync("a", "done", scope: "mer_2")).ShouldBe("done", "it is another merchant's");
        (await AskAsync("a", "done", at: Noon.AddHours(24))).ShouldBe("done");
    }

    [Fact]
    public async Task Who_comes_second_waits_for_the_first_and_finds_it_done_or_does_it()
    {
        foreach (var (key, commits) in new[] { ("commits", true), ("rolls back", false) })
        {
            await using var connection = await database.DataSource.OpenConnectionAsync(Cancelled);
            await using var transaction = await connection.BeginTransactionAsync(Cancelled);
            await Writes.TakeAsync(connection, KeyOf(key), "obj_1", Cancelled);
            var second = AskPatientlyAsync(key);
            await using (var waits = database.DataSource.CreateCommand(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%idempotency_take%' AND datname = current_database()"))
            {
                while (!second.IsCompleted && (long)(await waits.ExecuteScalarAsync(Cancelled))! == 0)
                {
                    await Task.Yield();
                }
            }

            await (commits ? transaction.CommitAsync(Cancelled) : transaction.RollbackAsync(Cancelled));

            if (commits)
            {
                (await Should.ThrowAsync<KeyRefusedException>(() => second)).Why.ShouldBe(KeyRefusal.Used);
            }
            else
            {
                (await second).ShouldBe("done");
            }
        }
    }

    [Fact]
    public async Task Who_would_wait_for_long_is_told_that_the_first_goes_on()
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await Writes.TakeAsync(connection, KeyOf("a"), "obj_1", Cancelled);

        (await Should.ThrowAsync<KeyRefusedException>(() => AskAsync("a", "done"))).Why.ShouldBe(KeyRefusal.Busy);
    }

    // What one request does under its key may take long: an endpoint with many retries is disabled, a row is held by somebody else.
    [Fact]
    public async Task Who_has_another_key_waits_for_nobody()
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await Writes.TakeAsync(connection, KeyOf("a"), "obj_1", Cancelled);

        (await AskAsync("b", "done")).ShouldBe("done");
    }

    [Fact]
    public async Task What_takes_something_away_is_done_when_others_have_used_up_the_day()
    {
        (await AskAsync("a", "done", most: 1)).ShouldBe("done");
        (await Should.ThrowAsync<KeyRefusedException>(() => AskAsync("b", "done", most: 1))).Why.ShouldBe(KeyRefusal.TooMany);

        await using var command = new NpgsqlCommand("SELECT 'done'");
        (await Writes.ScalarAsync(command, KeyOf("b", most: 1).ToTakeAway(), "obj_1", found => found is "done", Cancelled)).ShouldBe("done");
    }

    [Fact]
    public async Task Who_has_taken_a_key_goes_on_when_his_caller_hangs_up()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        await using var command = new NpgsqlCommand("SELECT 'done'");

        await Writes.ScalarAsync(
            command, KeyOf("a"), "obj_1",
            found =>
            {
                caller.Cancel();
                return found is "done";
            },
            caller.Token);

        (await FindAsync("a")).ShouldNotBeNull();
    }

    [Fact]
    public async Task So_many_keys_are_taken_in_a_day()
    {
        foreach (var key in new[] { "a", "b", "c" })
        {
            (await AskAsync(key, "done", most: 3)).ShouldBe("done");
        }

        (await AskAsync("d", "no", most: 4)).ShouldBe("no");
        (await Should.ThrowAsync<KeyRefusedException>(() => AskAsync("d", "done", most: 3))).Why.ShouldBe(KeyRefusal.TooMany);
        (await FindAsync("d")).ShouldBeNull();
        (await AskAsync("d", "done", scope: "mer_2", most: 3)).ShouldBe("done");
        (await AskAsync("d", "done", at: Noon.AddHours(12), most: 3)).ShouldBe("done", "it is another day");

        // What is taken for something that is so already counts, too, and is not kept where it is too many; what a grain takes does not.
        await Writes.TakeAloneAsync(KeyOf("e", at: Noon.AddHours(12), most: 2), "obj_1", Cancelled);
        (await Should.ThrowAsync<KeyRefusedException>(() => Writes.TakeAloneAsync(KeyOf("f", at: Noon.AddHours(12), most: 2), "obj_1", Cancelled)))
            .Why.ShouldBe(KeyRefusal.TooMany);
        await RememberAsync(KeyOf("g").EntryOf("pay_1") with { Given = Noon.AddHours(12), Until = Noon.AddHours(36) });
        (await AskAsync("f", "done", at: Noon.AddHours(12), most: 3)).ShouldBe("done");
        await using var count = database.DataSource.CreateCommand("SELECT count(*) FROM idempotency_keys WHERE service_id = $1");
        count.Parameters.AddWithValue(_options.Value.ServiceId);
        (await count.ExecuteScalarAsync(Cancelled)).ShouldBe(8L);
        var clock = new TestClock(Noon.AddDays(2));
        using var pruner = new IdempotencyPruner(database.DataSource, _options, clock, clock, NullLogger<IdempotencyPruner>.Instance);
        (await pruner.PruneAsync(Cancelled)).ShouldBe(8);
        (await count.ExecuteScalarAsync(Cancelled)).ShouldBe(0L);
    }

    // A state's key is taken as it was, whatever another's lifetime is: a refund's holds a month.
    [Fact]
    public async Task What_a_grain_takes_for_a_month_is_not_taken_by_another_for_a_day_nor_the_other_way_round()
    {
        var (day, month) = (KeyOf("day").EntryOf("pay_1"), KeyOf("month").EntryOf("re_1") with { Until = Noon.AddDays(30) });
        await RememberAsync(day);
        await RememberAsync(month);

        (await Should.ThrowAsync<KeyRefusedException>(() => AskAsync("month", "done", at: Noon.AddDays(29)))).Why.ShouldBe(KeyRefusal.Used);
        (await Should.ThrowAsync<PostgresException>(() => RememberAsync(day with { Until = Noon.AddDays(30), Given = Noon }))).SqlState
            .ShouldBe(PostgresIdempotencyIndex.TakenState);
        await RememberAsync(day with { Until = Noon.AddDays(31), Given = Noon.AddDays(1) });
    }

    private static RequestKey KeyOf(string text, string scope = "mer_1", DateTimeOffset? at = null, int most = 100) =>
        RequestKey.Of(scope, text, "f", at ?? Noon, most);

    private Task<IdempotencyKeyEntry?> FindAsync(string key) => Index.FindAsync("mer_1", KeyOf(key).Hash, Noon, Cancelled);

    private async Task<string?> AskAsync(
        string key, string answer = "done", string? sql = null, string scope = "mer_1", DateTimeOffset? at = null, int most = 100)
    {
        await using var command = new NpgsqlCommand(sql ?? $"SELECT '{answer}'");
        return (string?)await Writes.ScalarAsync(command, KeyOf(key, scope, at, most), "obj_1", found => found is "done", Cancelled);
    }

    // On a machine that stands still the first may go on for longer than the second waits.
    private async Task<string?> AskPatientlyAsync(string key)
    {
        while (true)
        {
            try
            {
                return await AskAsync(key);
            }
            catch (KeyRefusedException refused) when (refused.Why == KeyRefusal.Busy)
            {
            }
        }
    }

    private async Task RememberAsync(IdempotencyKeyEntry entry)
    {
        await using var command = database.DataSource.CreateCommand("SELECT idempotency_remember($1, 'grain', $2::jsonb)");
        command.Parameters.AddWithValue(_options.Value.ServiceId);
        command.Parameters.AddWithValue(System.Text.Json.JsonSerializer.Serialize(new[]
        {
            new
            {
                hash = entry.Hash, fingerprint = entry.Fingerprint, subject = entry.Subject, until = entry.Until, scope = entry.Scope,
                given = entry.Given,
            },
        }));
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
