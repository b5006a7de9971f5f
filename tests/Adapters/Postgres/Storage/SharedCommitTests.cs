using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Orleans.Storage;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Adapters.Postgres.Storage.GroupCommit;
using StellarPay.Chaos.Deployment;
using StellarPay.Tests;
using StellarPay.Tests.Shared;
using static StellarPay.Adapters.Tests.Postgres.Storage.CommitHost;

namespace StellarPay.Adapters.Tests.Postgres.Storage;

/// <summary>Writes that share a commit share nothing else.</summary>
public sealed class SharedCommitTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_hostile_row_among_63_good_ones_is_refused_alone()
    {
        await using var host = await CommitHost.StartAsync(database);
        var first = NewKey();
        await WriteAsync(host.Hot, first, New(0));
        var keys = Enumerable.Range(0, 63).Select(_ => NewKey()).ToArray();
        var (hostile, stale) = (New(0), New(0));
        hostile.State!.Text = "a\0b";

        // They gather behind one that is held, and go out together.
        var held = await HoldAsync(host, NewKey());
        var good = keys.Select((key, n) => WriteAsync(host.Hot, key, New(n))).ToArray();
        var bad = WriteAsync(host.Hot, NewKey(), hostile);
        var late = WriteAsync(host.Hot, first, stale);
        host.Proxy.LetGo();

        await held;
        await Task.WhenAll(good);
        (await Should.ThrowAsync<PostgresException>(bad)).SqlState.ShouldBe(PostgresErrorCodes.UntranslatableCharacter);
        await Should.ThrowAsync<InconsistentStateException>(late);
        (await TransactionsOfAsync(keys)).ShouldBe(1);
    }

    [Fact]
    public async Task A_locked_row_is_busy_alone_and_costs_the_others_little()
    {
        await using var host = await CommitHost.StartAsync(database);
        var locked = Enumerable.Range(0, 40).Select(_ => NewKey()).ToArray();
        var states = locked.Select(_ => New(0)).ToArray();
        await Task.WhenAll(locked.Select((key, i) => WriteAsync(host.Hot, key, states[i])));
        await using var other = await database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var take = new NpgsqlCommand("SELECT FROM grain_state WHERE grain_key = ANY ($1) FOR UPDATE", other))
        {
            take.Parameters.Add(new NpgsqlParameter { Value = locked });
            await take.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var held = await HoldAsync(host, NewKey());
        var busy = locked.Select((key, i) => WriteAsync(host.Hot, key, states[i])).ToArray();
        var free = Enumerable.Range(0, 20).Select(n => WriteAsync(host.Hot, NewKey(), New(n))).ToArray();
        var began = Stopwatch.GetTimestamp();
        host.Proxy.LetGo();
        await Task.WhenAll(free.Append(held));

        // 250 ms for all forty together, and not for each, which were ten seconds.
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(6));
        foreach (var write in busy)
        {
            (await Should.ThrowAsync<PostgresException>(write)).SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
        }

        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        await WriteAsync(host.Hot, locked[0], states[0]);
    }

    [Fact]
    public async Task A_silo_that_stops_under_load_stores_everything_that_it_took()
    {
        var host = await CommitHost.StartAsync(database);
        var keys = Enumerable.Range(0, 400).Select(_ => NewKey()).ToArray();
        var held = await HoldAsync(host, NewKey());
        var writes = keys.Select((key, n) => WriteAsync(host.Hot, key, New(n))).ToArray();

        var stopping = host.StopAsync();
        host.Proxy.LetGo();
        await stopping;

        await Task.WhenAll(writes.Append(held));
        (await CountAsync(keys)).ShouldBe(400);
        await Should.ThrowAsync<ObjectDisposedException>(WriteAsync(host.Hot, NewKey(), New(0)));
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Each_provider_goes_on_where_the_other_left_off()
    {
        // Both directions of a rolling change.
        await using var host = await CommitHost.StartAsync(database);
        var key = NewKey();
        var (one, other) = (host.Usual, host.Hot);
        await WriteAsync(one, key, New(1));
        for (var n = 2; n < 6; n++)
        {
            (one, other) = (other, one);
            var read = await ReadAsync(one, key);
            (read.ETag, read.RecordExists, read.State!.N).ShouldBe(($"{n - 1}", true, n - 1));
            var old = await ReadAsync(other, key);
            read.State.N = n;
            await WriteAsync(one, key, read);
            await Should.ThrowAsync<InconsistentStateException>(WriteAsync(other, key, old));
        }
    }

    [Fact]
    public async Task Each_provider_clears_as_the_other_does()
    {
        await using var host = await CommitHost.StartAsync(database);
        foreach (var (one, other) in new[] { (host.Hot, host.Usual), (host.Usual, host.Hot) })
        {
            var (key, state) = (NewKey(), New(1));
            await one.ClearStateAsync(StateName, Grain(key), New(0));
            await WriteAsync(one, key, state);
            var old = await ReadAsync(other, key);

            await one.ClearStateAsync(StateName, Grain(key), state);

            (state.ETag, state.RecordExists, state.State!.N).ShouldBe(("2", false, 0));
            var read = await ReadAsync(other, key);
            (read.ETag, read.RecordExists, read.State!.N).ShouldBe(("2", false, 0));
            await Should.ThrowAsync<InconsistentStateException>(one.ClearStateAsync(StateName, Grain(key), old));
        }
    }

    [Fact]
    public async Task A_batch_ends_at_64_writes_a_thousand_rows_or_256_kB()
    {
        var queue = new WriteQueue(TimeProvider.System);
        Add(queue, 70, bytes: 10, rows: 0);
        (await CountsAsync(queue)).ShouldBe([64, 6]);
        Add(queue, 5, bytes: 10, rows: 400);
        (await CountsAsync(queue)).ShouldBe([2, 2, 1]);
        Add(queue, 3, bytes: 100 * 1024, rows: 0);
        (await CountsAsync(queue)).ShouldBe([2, 1]);
        Add(queue, 2, bytes: 1024 * 1024, rows: 0);
        (await CountsAsync(queue)).ShouldBe([1, 1]);
    }

    [Fact]
    public void Many_waiting_bytes_press_though_nobody_has_waited_long()
    {
        var clock = new TestClock();
        var queue = new WriteQueue(clock);
        Add(queue, 16, bytes: 1024 * 1024, rows: 0, clock);
        queue.IsPressed.ShouldBeFalse();
        Add(queue, 1, bytes: 1, rows: 0, clock);
        queue.IsPressed.ShouldBeTrue();
    }

    [Fact]
    public void What_a_write_carries_is_counted_by_its_contract()
    {
        var state = new Carrying { Outbox = [new JsonObject()], Keys = ["a", "b"], Inbox = new Marks { Consumed = [1, 2, 3], Parking = [4] } };

        CarriedRows<Carrying>.Of(state).ShouldBe(new CarriedRows(1, 7, Drains: true));
        CarriedRows<Carrying>.Of(new Carrying { Inbox = new Marks { Parking = [1] } }).ShouldBe(new CarriedRows(0, 1, Drains: false));
        CarriedRows<string>.Of("no object").ShouldBe(default);
        var rows = new ChildRows { Put = new() { ["a"] = 1, ["b"] = 2 }, Deleted = ["c"], Stored = new() { ["d"] = default } };
        CarriedRows<Carrying>.Of(new Carrying { Rows = rows }).ShouldBe(new CarriedRows(0, 3, Drains: false));
    }

    // The loop waits for one write; what comes meanwhile gathers.
    private static async Task<Task> HoldAsync(CommitHost host, string key)
    {
        await WriteAsync(host.Hot, NewKey(), New(0));
        host.Proxy.FailWrites(WriteFault.Held, 1);
        var write = WriteAsync(host.Hot, key, New(0));
        await UntilAsync(() => Task.FromResult(host.Proxy.HitsOf(WriteFault.Held) == 1));
        return write;
    }

    private static void Add(WriteQueue queue, int count, int bytes, int rows, TimeProvider? clock = null)
    {
        for (var i = 0; i < count; i++)
        {
            queue.Add(new PendingWrite(
                new StateKey(StateName, $"wal_{i}"), null, new byte[bytes], new CarriedRows(rows, rows, false),
                (clock ?? TimeProvider.System).GetTimestamp()));
        }
    }

    private static async Task<List<int>> CountsAsync(WriteQueue queue)
    {
        var counts = new List<int>();
        for (var waits = queue.Delay; waits > TimeSpan.Zero; waits = queue.Delay)
        {
            counts.Add((await queue.TakeAsync())!.Count);
        }

        return counts;
    }

    private async Task<long> TransactionsOfAsync(string[] keys) =>
        (long)(await ScalarAsync("SELECT count(DISTINCT modified_at) FROM grain_state WHERE grain_key = ANY ($1)", keys))!;

    private async Task<long> CountAsync(string[] keys) =>
        (long)(await ScalarAsync("SELECT count(*) FROM grain_state WHERE grain_key = ANY ($1)", keys))!;

    private async Task<object?> ScalarAsync(string sql, string[] keys)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = keys });
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Carrying
    {
        public List<JsonObject> Outbox { get; set; } = [];

        public List<string> Keys { get; set; } = [];

        public Marks? Inbox { get; set; }

        public ChildRows? Rows { get; set; }
    }

    private sealed class ChildRows
    {
        public Dictionary<string, JsonElement>? Stored { get; set; }

        public Dictionary<string, object>? Put { get; set; }

        public List<string>? Deleted { get; set; }
    }

    private sealed class Marks
    {
        public List<int> Consumed { get; set; } = [];

        public List<int> Parking { get; set; } = [];
    }
}
