using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Ledger;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Ledger;

public sealed class LedgerInboxTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly LedgerOwner Ada = new("wallet", "wal_ada");
    private static readonly LedgerOwner Bob = new("wallet", "wal_bob");

    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgresLedgerInbox Inbox => new(
        database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }), TimeProvider.System);

    [Fact]
    public async Task A_delivery_reaches_the_owners_of_the_addresses_that_it_names_and_moves_the_watermark()
    {
        await WriteAsync(Ada, null, """{"inbox":{"addresses":[{"address":"GA"}]}}""");
        await BeginAsync();

        var owners = await DeliverAsync(11, Payment(11, "GX", "GA", 5), Payment(11, "GX", "GY", 7, number: 1));

        owners.ShouldBe([Ada]);
        var page = await Inbox.ReadAsync(Ada, 10, Cancelled);
        page.Watermark.ShouldBe(new LedgerClose(11, Noon));
        page.Entries.ShouldHaveSingleItem().Movement!.Amount!.Value.Stroops.ShouldBe(5);
        (await Inbox.ReadAsync(Bob, 10, Cancelled)).Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_followers_one_writes_and_the_other_learns_that_it_is_late()
    {
        await WriteAsync(Ada, null, """{"inbox":{"addresses":[{"address":"GA"}]}}""");
        var from = await BeginAsync();
        await DeliverAsync(11, Payment(11, "GX", "GA", 5));

        var late = await Inbox.DeliverAsync(
            new LedgerDelivery(from, Mark(11), NoAnchors, [Payment(11, "GX", "GA", 5)], []), Cancelled);

        late.ShouldBeNull();
        (await Inbox.ReadAsync(Ada, 10, Cancelled)).Entries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_state_takes_in_is_gone_with_its_write_and_naming_a_row_again_refuses_the_write()
    {
        await WriteAsync(Ada, null, """{"inbox":{"addresses":[{"address":"GA"}]}}""");
        await BeginAsync();
        await DeliverAsync(11, Payment(11, "GX", "GA", 5));
        var token = 11L << 32;

        (await WriteAsync(Ada, 1, $$$"""{"n":1,"inbox":{"consumed":[[{{{token}}},0]]}}""")).ShouldBe(2);

        (await Inbox.ReadAsync(Ada, 10, Cancelled)).Entries.ShouldBeEmpty();
        (await Should.ThrowAsync<PostgresException>(
            () => WriteAsync(Ada, 2, $$$"""{"n":2,"inbox":{"consumed":[[{{{token}}},0]]}}"""))).SqlState.ShouldBe("SP002");
        (await ReadAsync(Ada)).ShouldBe("""{"n": 1}""");
    }

    [Fact]
    public async Task A_stale_write_takes_nothing_in()
    {
        await WriteAsync(Ada, null, """{"inbox":{"addresses":[{"address":"GA"}]}}""");
        await BeginAsync();
        await DeliverAsync(11, Payment(11, "GX", "GA", 5));

        (await WriteAsync(Ada, 7, $$$"""{"inbox":{"consumed":[[{{{11L << 32}}},0]]}}""")).ShouldBe(7);

        (await Inbox.ReadAsync(Ada, 10, Cancelled)).Entries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_address_never_gets_a_second_owner_and_the_state_that_asks_for_it_is_not_stored()
    {
        await WriteAsync(Ada, null, """{"inbox":{"addresses":[{"address":"GA"}]}}""");

        (await Should.ThrowAsync<PostgresException>(
            () => WriteAsync(Bob, null, """{"inbox":{"addresses":[{"address":"GA"}]}}"""))).SqlState.ShouldBe("SP003");

        (await Inbox.FindOwnersAsync(["GA", "GB"], Cancelled)).ShouldBe(new Dictionary<string, LedgerOwner> { ["GA"] = Ada });
        (await ReadAsync(Bob)).ShouldBeNull();
    }

    [Fact]
    public async Task An_owner_that_is_told_of_credits_alone_gets_no_outcomes_but_they_can_be_found()
    {
        await WriteAsync(Ada, null, """{"inbox":{"addresses":[{"address":"GP","kind":"suspense","key":"plt_suspense","creditsOnly":true}]}}""");
        await BeginAsync();
        var suspense = new LedgerOwner("suspense", "plt_suspense");

        await DeliverAsync(11, Outcome(11, "GP", "inner"), Payment(11, "GP", "GX", 5, number: 1), Payment(11, "GX", "GP", 6, number: 2));

        (await Inbox.ReadAsync(suspense, 10, Cancelled)).Entries.ShouldHaveSingleItem().Movement!.Amount!.Value.Stroops.ShouldBe(6);
        var view = await Inbox.FindOutcomeAsync("GP", ["inner"], Cancelled);
        (view.Outcome!.Successful, view.Watermark!.Sequence, view.InDoubt).ShouldBe((true, 11, false));
        (await Inbox.FindOutcomeAsync("GP", ["other"], Cancelled)).Outcome.ShouldBeNull();
    }

    [Fact]
    public async Task What_could_not_be_read_leaves_the_transactions_that_it_may_be_in_doubt()
    {
        await WriteAsync(Ada, null, """{"inbox":{"addresses":[{"address":"GA"}]}}""");
        await BeginAsync();
        var line = new UnreadOperation(11L << 32, 11, "lost", UnreadKind.Unreadable, "\u0000{", "odd", ["GA"]);

        await DeliverAsync(11, new LedgerEntry(new LedgerPlace(11L << 32, 0), Unread: line));

        (await Inbox.FindOutcomeAsync("GA", ["lost"], Cancelled)).InDoubt.ShouldBeTrue();
        (await Inbox.FindOutcomeAsync("GA", ["other"], Cancelled)).InDoubt.ShouldBeFalse();
        (await Inbox.ReadAsync(Ada, 10, Cancelled)).Entries[0].Unread!.Raw.ShouldBe("\u0000{");
    }

    [Fact]
    public async Task What_cannot_be_read_and_has_no_hash_leaves_its_owners_transactions_in_doubt_before_it_is_drained_too()
    {
        // The owner is behind, and its transaction's time may be over at this watermark: it must not be called absent.
        await WriteAsync(Ada, null, """{"inbox":{"addresses":[{"address":"GA"}]}}""");
        await WriteAsync(Bob, null, """{"inbox":{"addresses":[{"address":"GB"}]}}""");
        await BeginAsync();
        var token = 11L << 32;
        var line = new UnreadOperation(token, 11, null, UnreadKind.Unreadable, "{}", "It has no hash.", ["GA"]);
        await DeliverAsync(11, new LedgerEntry(new LedgerPlace(token, 0), Unread: line));

        (await Inbox.FindOutcomeAsync("GA", ["mine"], Cancelled)).InDoubt.ShouldBeTrue();
        (await Inbox.FindOutcomeAsync("GB", ["mine"], Cancelled)).InDoubt.ShouldBeFalse();

        await WriteAsync(Ada, 1, $$$"""{"inbox":{"consumed":[[{{{token}}},0]],"parking":[{"token":{{{token}}},"number":0,"error":"e","at":"2026-03-01T12:00:00Z"}]}}""");
        (await Inbox.FindOutcomeAsync("GA", ["mine"], Cancelled)).InDoubt.ShouldBeTrue();
        await WriteAsync(Ada, 2, $$$"""{"inbox":{"resolving":[{"token":{{{token}}},"number":0,"status":"closed","at":"2026-03-01T12:00:00Z","by":"usr_1"}]}}""");
        (await Inbox.FindOutcomeAsync("GA", ["mine"], Cancelled)).InDoubt.ShouldBeFalse();
    }

    [Fact]
    public async Task A_parked_row_is_read_again_until_it_is_resolved()
    {
        await WriteAsync(Ada, null, """{"inbox":{"addresses":[{"address":"GA"}]}}""");
        await BeginAsync();
        await DeliverAsync(11, Payment(11, "GX", "GA", 5));
        var token = 11L << 32;
        await WriteAsync(Ada, 1, $$$"""{"inbox":{"consumed":[[{{{token}}},0]],"parking":[{"token":{{{token}}},"number":0,"error":"e","at":"2026-03-01T12:00:00Z"}]}}""");
        (await Inbox.ReadParkedAsync(Ada, token, Cancelled)).Count.ShouldBe(1);

        await WriteAsync(Ada, 2, $$$"""{"inbox":{"resolving":[{"token":{{{token}}},"number":0,"status":"applied","at":"2026-03-01T12:00:00Z","by":"usr_1"}]}}""");

        (await Inbox.ReadParkedAsync(Ada, token, Cancelled)).ShouldBeEmpty();
        (await Should.ThrowAsync<PostgresException>(() => WriteAsync(
            Ada, 3, $$$"""{"inbox":{"resolving":[{"token":{{{token}}},"number":0,"status":"applied","at":"2026-03-01T12:00:00Z","by":"usr_1"}]}}""")))
            .SqlState.ShouldBe("SP002");
    }

    [Theory]
    [InlineData("UPDATE ledger_movements_0 SET kind = 'unread'")]
    [InlineData("DELETE FROM ledger_movements_0")]
    [InlineData("TRUNCATE ledger_movements_0")]
    [InlineData("DELETE FROM ledger_movements")]
    public async Task What_ledgers_did_is_never_changed_in_the_table_nor_in_a_partition_of_it(string sql)
    {
        await BeginAsync();
        await using var command = database.DataSource.CreateCommand(sql);

        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancelled))).MessageText
            .ShouldEndWith("refused");
    }

    [Fact]
    public async Task A_sweep_finds_owners_round_by_round_and_passes_over_those_that_are_held()
    {
        await WriteAsync(Ada, null, """{"inbox":{"addresses":[{"address":"GA"}]}}""");
        await WriteAsync(Bob, null, """{"inbox":{"addresses":[{"address":"GB"}]}}""");
        await BeginAsync();
        await DeliverAsync(11, Payment(11, "GX", "GA", 5), Payment(11, "GX", "GB", 5, number: 1));
        var all = new WaitingQuery(0, 1, TimeSpan.Zero);

        (await Inbox.FindWaitingAsync(all, null, 10, Cancelled)).Owners.ShouldBe([Ada, Bob]);
        (await Inbox.FindWaitingAsync(all, Ada, 10, Cancelled)).Owners.ShouldBe([Bob]);
        (await Inbox.HoldAsync(Ada, "it overflows", Cancelled)).ShouldBe(1);
        (await Inbox.HoldAsync(Ada, "it overflows", Cancelled)).ShouldBe(2);
        // So often that its pause, which is four seconds now, outlasts the questions.
        for (var failures = 3; failures <= 8; failures++)
        {
            (await Inbox.HoldAsync(Ada, "it overflows", Cancelled)).ShouldBe(failures);
        }

        (await Inbox.FindWaitingAsync(all, null, 10, Cancelled)).Owners.ShouldBe([Bob]);
        // Round by owner, so many at a time: one that is held is passed over, and the round goes on after it.
        var first = await Inbox.FindWaitingAsync(all, null, 1, Cancelled);
        (first.Owners.Count, first.Last).ShouldBe((0, Ada));
        var second = await Inbox.FindWaitingAsync(all, first.Last, 1, Cancelled);
        (second.Owners.ShouldHaveSingleItem(), second.Last).ShouldBe((Bob, Bob));
        (await Inbox.FindWaitingAsync(all, second.Last, 1, Cancelled)).Last.ShouldBeNull();
    }

    [Fact]
    public async Task Who_waits_is_found_by_a_walk_from_owner_to_owner_whatever_each_has_waiting()
    {
        const int owners = 20;
        await BeginAsync();
        await DeliverAsync(11);
        await using var fill = database.DataSource.CreateCommand(
            """
            INSERT INTO ledger_inbox (service_id, owner_kind, owner_key, token, number, delivered_at)
            SELECT $1, 'wallet', 'wal_' || o, (11::bigint << 32) + n, 0, now() - interval '1 minute'
            FROM generate_series(1, 20) AS o, generate_series(1, 3000) AS n
            """);
        fill.Parameters.AddWithValue(_service);
        await fill.ExecuteNonQueryAsync(Cancelled);

        await using var connection = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var explain = new NpgsqlCommand(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM ledger_inbox_waiting($1, 0, 1, now(), now(), '', '', 500)", connection);
        explain.Parameters.AddWithValue(_service);
        // What a connection reads of the catalogue to plan it the first time is no part of the walk, and grows with the number of tables.
        await explain.ExecuteScalarAsync(Cancelled);
        using var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync(Cancelled))!);
        var root = plan.RootElement[0].GetProperty("Plan");

        root.GetProperty("Actual Rows").GetDouble().ShouldBe(owners);
        // A few pages an owner. Over every row it would be thousands, and as many in the table.
        (root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64())
            .ShouldBeLessThan(30 * owners);
    }

    private static Dictionary<long, string> NoAnchors => [];

    private static LedgerMark Mark(long ledger) => new(ledger, $"hash-{ledger}", $"hash-{ledger - 1}", Noon);

    private static LedgerEntry Payment(long ledger, string from, string to, long stroops, int number = 0) => new(
        new LedgerPlace(ledger << 32, number), Movement: new LedgerOperation(
            ledger << 32, $"tx-{ledger}", null, true, "payment", from, to, new Amount(Asset.Native, stroops), null, ledger, Noon));

    private static LedgerEntry Outcome(long ledger, string source, string inner) => new(
        new LedgerPlace(ledger << 32, 0), Outcome: new LedgerOutcome(
            ledger << 32, $"tx-{ledger}", inner, true, source, 1, [source], null, null, "GF", 100, ledger, Noon));

    private async Task<LedgerWatermark> BeginAsync()
    {
        await Inbox.DeliverAsync(new LedgerDelivery(null, Mark(10), NoAnchors, [], []), Cancelled);
        return (await Inbox.GetWatermarkAsync(Cancelled))!;
    }

    private async Task<IReadOnlyList<LedgerOwner>?> DeliverAsync(long ledger, params LedgerEntry[] entries) =>
        await Inbox.DeliverAsync(
            new LedgerDelivery(await Inbox.GetWatermarkAsync(Cancelled), Mark(ledger), NoAnchors, entries, []), Cancelled);

    private async Task<int?> WriteAsync(LedgerOwner owner, int? version, string state)
    {
        await using var command = database.DataSource.CreateCommand("SELECT grain_state_write($1, $2, $3, $4, $5)");
        command.Parameters.Add(new NpgsqlParameter { Value = _service });
        command.Parameters.Add(new NpgsqlParameter { Value = owner.Kind });
        command.Parameters.Add(new NpgsqlParameter { Value = owner.Key });
        command.Parameters.Add(new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer,
            Value = (object?)version ?? DBNull.Value,
        });
        command.Parameters.Add(new NpgsqlParameter { Value = Encoding.UTF8.GetBytes(state) });
        return await command.ExecuteScalarAsync(Cancelled) as int?;
    }

    private async Task<string?> ReadAsync(LedgerOwner owner)
    {
        await using var command = database.DataSource.CreateCommand(
            "SELECT payload::text FROM grain_state WHERE service_id = $1 AND state_name = $2 AND grain_key = $3");
        command.Parameters.Add(new NpgsqlParameter { Value = _service });
        command.Parameters.Add(new NpgsqlParameter { Value = owner.Kind });
        command.Parameters.Add(new NpgsqlParameter { Value = owner.Key });
        return await command.ExecuteScalarAsync(Cancelled) as string;
    }
}
