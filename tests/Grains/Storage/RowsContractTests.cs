using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Storage;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Storage;

/// <summary>The rows of a state, and all that a write carries: the same in memory, by Orleans' provider and by shared commits.</summary>
public abstract class RowsContractTests(SharedWorld shared, string provider = GrainState.Provider)
{
    private const string State = "contract_rows";

    private readonly string _key = $"con_{Guid.NewGuid():N}";

    [Fact]
    public async Task Rows_are_read_with_their_state_and_are_no_part_of_it()
    {
        var storage = await StorageAsync();
        await PutAsync(storage, ("a", new { n = 1 }), ("b", new { text = "ü \\u0000 \" \n" }));

        var read = await ReadAsync(storage);

        (read.ETag, Numbers(read)).ShouldBe(("1", "a1 b"));
        read.State!.Rows!.Stored!["b"].GetProperty("text").GetString().ShouldBe("ü \\u0000 \" \n");
        (await shared.ForTestAsync()).Storage.Stored(State, _key).ContainsKey("rows").ShouldBeFalse();
    }

    [Fact]
    public async Task A_write_changes_the_rows_that_it_names_and_no_other()
    {
        var storage = await StorageAsync();
        await PutAsync(storage, ("a", new { n = 1 }), ("b", new { n = 2 }), ("c", new { n = 3 }));

        await WriteAsync(storage, new ChildRows { Put = new() { ["b"] = new { n = 5 }, ["d"] = new { n = 4 } }, Deleted = ["a", "unknown"] });
        Numbers(await ReadAsync(storage)).ShouldBe("b5 c3 d4");
        await WriteAsync(storage, rows: null);

        var read = await ReadAsync(storage);
        (read.ETag, Numbers(read)).ShouldBe(("3", "b5 c3 d4"));
        await WriteAsync(storage, new ChildRows { Put = new() { ["b"] = new { n = 6 } }, Deleted = ["b", "c", "d"] });
        Numbers(await ReadAsync(storage)).ShouldBe("b6");
    }

    [Fact]
    public async Task A_stale_write_changes_no_row()
    {
        var storage = await StorageAsync();
        await PutAsync(storage, ("a", new { n = 1 }));
        var stale = await ReadAsync(storage);
        await PutAsync(storage, ("a", new { n = 2 }));
        stale.State!.Rows = new ChildRows { Put = new() { ["a"] = new { n = 9 } }, Deleted = ["a"] };

        await Should.ThrowAsync<InconsistentStateException>(storage.WriteStateAsync(State, Id, stale));
        var first = New(new ChildRows { Put = new() { ["b"] = new { n = 9 } } });
        await Should.ThrowAsync<InconsistentStateException>(storage.WriteStateAsync(State, Id, first));

        Numbers(await ReadAsync(storage)).ShouldBe("a2");
    }

    [Fact]
    public async Task Clearing_a_state_drops_its_rows_and_a_stale_clearing_does_not()
    {
        var storage = await StorageAsync();
        await PutAsync(storage, ("a", new { n = 1 }));
        var stale = await ReadAsync(storage);
        await PutAsync(storage, ("a", new { n = 2 }));

        await Should.ThrowAsync<InconsistentStateException>(storage.ClearStateAsync(State, Id, stale));
        Numbers(await ReadAsync(storage)).ShouldBe("a2");
        await storage.ClearStateAsync(State, Id, await ReadAsync(storage));

        var cleared = await ReadAsync(storage);
        (cleared.ETag, cleared.RecordExists, cleared.State!.Rows).ShouldBe(("3", false, null));
        await storage.WriteStateAsync(State, Id, cleared);
        (await ReadAsync(storage)).State!.Rows.ShouldBeNull();
    }

    [Fact]
    public async Task The_rows_of_one_grain_are_not_anothers()
    {
        var storage = await StorageAsync();
        await PutAsync(storage, ("a", new { n = 1 }));
        var other = new GrainState<RowsState>(new RowsState { Rows = new ChildRows { Put = new() { ["a"] = new { n = 2 } } } });
        await storage.WriteStateAsync(State, GrainId.Create("contract", _key + "_other"), other);

        await WriteAsync(storage, new ChildRows { Deleted = ["a"] });

        await storage.ReadStateAsync(State, GrainId.Create("contract", _key + "_other"), other);
        Numbers(other).ShouldBe("a2");
        (await ReadAsync(storage)).State!.Rows.ShouldBeNull();
    }

    [Fact]
    public Task A_row_with_a_NUL_is_refused() => IsRefusedAsync(PostgresErrorCodes.UntranslatableCharacter, Put("b", new { text = "a\0b" }));

    [Fact]
    public Task A_row_under_no_name_is_refused() => IsRefusedAsync(PostgresErrorCodes.CheckViolation, Put("", new { n = 1 }));

    [Fact]
    public Task A_row_under_a_long_name_is_refused() =>
        IsRefusedAsync(PostgresErrorCodes.CheckViolation, Put(new string('k', 201), new { n = 1 }));

    [Fact]
    public Task A_row_that_is_no_object_is_refused() => IsRefusedAsync(PostgresErrorCodes.CheckViolation, Put("b", 7));

    [Fact]
    public Task A_row_whose_due_time_is_none_is_refused() =>
        IsRefusedAsync(PostgresErrorCodes.InvalidDatetimeFormat, Put("b", new { dueAt = "soon" }));

    [Fact]
    public Task A_row_of_more_than_64_KiB_is_refused() =>
        IsRefusedAsync(PostgresErrorCodes.ProgramLimitExceeded, Put("b", new { text = new string('x', 65_536) }));

    [Fact]
    public Task More_than_a_thousand_rows_at_once_are_refused() => IsRefusedAsync(
        PostgresErrorCodes.ProgramLimitExceeded,
        new ChildRows
        {
            Put = Enumerable.Range(0, 600).ToDictionary(i => $"r{i}", i => (object)new { n = i }),
            Deleted = [.. Enumerable.Range(0, 401).Select(i => $"d{i}")],
        });

    [Fact]
    public Task What_else_a_write_is_refused_for_leaves_its_rows_unchanged() => IsRefusedAsync(
        PostgresErrorCodes.NotNullViolation, Put("a", new { n = 9 }), state => state.Outbox = [[]]);

    // What was raised during a write was cleared unread after it.
    [Fact]
    public async Task What_is_added_while_a_write_is_under_way_goes_with_the_next_one()
    {
        var storage = await StorageAsync();
        var state = New(new ChildRows { Put = new() { ["a"] = new { n = 1 } } });
        state.State!.Outbox.Add(Event("evt_one"));

        var write = storage.WriteStateAsync(State, Id, state);
        (state.State.Outbox.Count, state.State.Rows).ShouldBe((0, null));
        state.State.Outbox.Add(Event("evt_two"));
        state.State.Rows = new ChildRows { Put = new() { ["b"] = new { n = 2 } } };
        await write;

        Events(await shared.ForTestAsync()).ShouldBe(["evt_one"]);
        Numbers(await ReadAsync(storage)).ShouldBe("a1");
        await storage.WriteStateAsync(State, Id, state);
        Events(await shared.ForTestAsync()).ShouldBe(["evt_one", "evt_two"]);
        Numbers(await ReadAsync(storage)).ShouldBe("a1 b2");
    }

    private GrainId Id => GrainId.Create("contract", _key);

    private string[] Events(TestWorld world) =>
        [.. world.Storage.Events.Where(e => (string)e["subject"]! == _key).Select(e => ((string)e["id"]!)[.."evt_one".Length])];

    private JsonObject Event(string id) => new()
    {
        ["id"] = $"{id}{_key}",
        ["type"] = "contract.tested",
        ["at"] = "2026-03-01T12:00:00+00:00",
        ["subject"] = _key,
        ["data"] = new JsonObject(),
    };

    private async Task IsRefusedAsync(string sqlState, ChildRows rows, Action<RowsState>? change = null)
    {
        var storage = await StorageAsync();
        await PutAsync(storage, ("a", new { n = 1 }));
        var state = await ReadAsync(storage);
        state.State!.Rows = rows;
        change?.Invoke(state.State);

        var refusal = await Should.ThrowAsync<Exception>(storage.WriteStateAsync(State, Id, state));

        SqlStateOf(refusal).ShouldBe(sqlState);
        var after = await ReadAsync(storage);
        (after.ETag, Numbers(after)).ShouldBe(("1", "a1"));
    }

    private static string? SqlStateOf(Exception? exception) => exception switch
    {
        null => null,
        PostgresException refusal => refusal.SqlState,
        _ => SqlStateOf(exception.InnerException),
    };

    private async Task<IGrainStorage> StorageAsync() =>
        (await shared.ForTestAsync()).Cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(provider);

    private async Task<GrainState<RowsState>> ReadAsync(IGrainStorage storage)
    {
        var state = new GrainState<RowsState>();
        await storage.ReadStateAsync(State, Id, state);
        return state;
    }

    private async Task WriteAsync(IGrainStorage storage, ChildRows? rows)
    {
        var state = await ReadAsync(storage);
        state.State!.Rows = rows;
        await storage.WriteStateAsync(State, Id, state);
    }

    private Task PutAsync(IGrainStorage storage, params (string Key, object Row)[] rows) =>
        WriteAsync(storage, new ChildRows { Put = rows.ToDictionary(row => row.Key, row => row.Row) });

    private static ChildRows Put(string key, object row) => new() { Put = new() { [key] = row } };

    private static GrainState<RowsState> New(ChildRows rows) => new(new RowsState { Rows = rows });

    private static string Numbers(GrainState<RowsState> read) => string.Join(' ', (read.State!.Rows?.Stored ?? [])
        .OrderBy(row => row.Key, StringComparer.Ordinal)
        .Select(row => row.Key + (row.Value.TryGetProperty("n", out var n) ? n.GetRawText() : "")));

    private sealed class RowsState
    {
        public ChildRows? Rows { get; set; }

        public List<JsonObject> Outbox { get; set; } = [];
    }
}

public sealed class MemoryRowsContractTests(SharedWorld shared) : RowsContractTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresRowsContractTests(SharedPostgresWorld shared)
    : RowsContractTests(shared), IClassFixture<SharedPostgresWorld>;

public sealed class SharedCommitsRowsContractTests(SharedPostgresWorld shared)
    : RowsContractTests(shared, GrainState.HotProvider), IClassFixture<SharedPostgresWorld>;
