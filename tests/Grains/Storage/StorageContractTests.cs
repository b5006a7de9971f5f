using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Storage;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Storage;

/// <summary>
/// What the grains' storage takes and refuses, the same in memory as in PostgreSQL: a fake that is kinder than the SQL
/// function hides faults.
/// </summary>
public abstract class StorageContractTests(SharedWorld shared, string provider = GrainState.Provider)
{
    private const string State = "contract";

    private readonly string _key = $"con_{Guid.NewGuid():N}";

    [Fact]
    public async Task A_state_is_read_as_it_was_written_without_its_events_and_keys()
    {
        var storage = await StorageAsync();
        var written = NewState(new ContractState { Text = "ü \\u0000 \" \n", Outbox = [Event()], Keys = [Key("k1")] });

        await storage.WriteStateAsync(State, Id, written);
        var read = await ReadAsync(storage);

        (read.ETag, read.RecordExists).ShouldBe(("1", true));
        (read.State!.Text, read.State!.Outbox.Count, read.State!.Keys.Count).ShouldBe(("ü \\u0000 \" \n", 0, 0));
    }

    [Fact]
    public async Task What_was_never_written_is_no_record()
    {
        var read = await ReadAsync(await StorageAsync());

        (read.ETag, read.RecordExists).ShouldBe((null, false));
        read.State.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_write_over_a_version_that_is_not_the_last_is_refused_with_all_it_carries()
    {
        var storage = await StorageAsync();
        await storage.WriteStateAsync(State, Id, NewState(new ContractState()));
        var first = await ReadAsync(storage);
        await storage.WriteStateAsync(State, Id, await ReadAsync(storage));
        var carried = Event();
        first.State!.Outbox = [carried];
        first.State!.Keys = [Key("k1")];

        await Should.ThrowAsync<InconsistentStateException>(storage.WriteStateAsync(State, Id, first));
        await Should.ThrowAsync<InconsistentStateException>(storage.WriteStateAsync(State, Id, NewState(new ContractState())));

        first.ETag.ShouldBe("1");
        var last = await ReadAsync(storage);
        (last.State!.Outbox, last.State!.Keys) = ([carried], [Key("k1")]);
        await storage.WriteStateAsync(State, Id, last);
        last.ETag.ShouldBe("3");
    }

    [Fact]
    public Task A_NUL_is_refused() => IsRefusedAsync(PostgresErrorCodes.UntranslatableCharacter, state => state.Text = "a\0b");

    [Fact]
    public Task A_NUL_in_an_event_is_refused() => IsRefusedAsync(
        PostgresErrorCodes.UntranslatableCharacter, state => state.Outbox = [Event(new JsonObject { ["memo"] = "\0" })]);

    [Fact]
    public Task More_than_a_mebibyte_is_refused() => IsRefusedAsync(
        PostgresErrorCodes.ProgramLimitExceeded, state => state.Text = new string('x', 1_048_577));

    [Fact]
    public Task More_than_a_thousand_events_are_refused() => IsRefusedAsync(
        PostgresErrorCodes.ProgramLimitExceeded, state => state.Outbox = [.. Enumerable.Range(0, 1_001).Select(_ => Event())]);

    [Fact]
    public async Task A_thousand_events_are_taken()
    {
        var storage = await StorageAsync();
        var state = NewState(new ContractState { Outbox = [.. Enumerable.Range(0, 1_000).Select(_ => Event())] });

        await storage.WriteStateAsync(State, Id, state);

        state.ETag.ShouldBe("1");
    }

    [Theory]
    [InlineData("42")]
    [InlineData("deadbeef")]
    [InlineData("0+abc")]
    [InlineData("c9a646d39c614cb7bfcdee2522c8f633")]
    public async Task A_key_that_Orleans_takes_for_a_number_or_a_GUID_is_refused(string key)
    {
        var storage = await StorageAsync();
        var grain = GrainId.Create("contract", key);

        var refusal = await Should.ThrowAsync<Exception>(
            () => storage.WriteStateAsync(State, grain, NewState(new ContractState { Text = "x" })));

        SqlStateOf(refusal).ShouldBe(PostgresErrorCodes.InvalidParameterValue);
    }

    [Fact]
    public async Task An_empty_key_is_refused()
    {
        var storage = await StorageAsync();

        var refusal = await Should.ThrowAsync<Exception>(
            () => storage.WriteStateAsync(State, new GrainId(GrainType.Create("contract"), default), NewState(new ContractState())));

        SqlStateOf(refusal).ShouldBe(PostgresErrorCodes.InvalidParameterValue);
    }

    [Fact]
    public async Task A_key_that_no_text_can_hold_is_refused()
    {
        var storage = await StorageAsync();

        var refusal = await Should.ThrowAsync<Exception>(
            () => storage.WriteStateAsync(State, GrainId.Create("contract", "con_\0"), NewState(new ContractState())));

        SqlStateOf(refusal).ShouldBe(PostgresErrorCodes.CharacterNotInRepertoire);
    }

    [Fact]
    public async Task What_is_stored_is_what_the_state_was_when_the_write_began()
    {
        var storage = await StorageAsync();
        var state = NewState(new ContractState { Text = "before", Outbox = [Event()] });

        var write = storage.WriteStateAsync(State, Id, state);
        state.State!.Text = "after";
        state.State.Outbox = [new JsonObject { ["id"] = "incomplete" }];
        await write;

        (await ReadAsync(storage)).State!.Text.ShouldBe("before");
    }

    [Theory]
    [InlineData("id", PostgresErrorCodes.NotNullViolation)]
    [InlineData("type", PostgresErrorCodes.NotNullViolation)]
    [InlineData("subject", PostgresErrorCodes.NotNullViolation)]
    [InlineData("at", PostgresErrorCodes.NotNullViolation)]
    public Task An_event_without_a_part_that_it_needs_is_refused(string part, string sqlState) =>
        IsRefusedAsync(sqlState, state =>
        {
            var lacking = Event();
            lacking.Remove(part);
            state.Outbox = [lacking];
        });

    [Theory]
    [InlineData("type")]
    [InlineData("subject")]
    public Task An_event_of_no_kind_or_about_nothing_is_refused(string part) =>
        IsRefusedAsync(PostgresErrorCodes.CheckViolation, state =>
        {
            var lacking = Event();
            lacking[part] = "";
            state.Outbox = [lacking];
        });

    [Fact]
    public async Task An_idempotency_key_is_taken_once_and_again_when_its_time_is_over()
    {
        var storage = await StorageAsync();
        await storage.WriteStateAsync(State, Id, NewState(new ContractState { Keys = [Key("k1")] }));
        await storage.WriteStateAsync(
            State, GrainId.Create("contract", $"{_key}_other"), NewState(new ContractState { Keys = [Key("k1")] }));

        await IsRefusedAsync("SP001", state => state.Keys = [Key("k2"), Key("k1")]);
        await IsRefusedAsync("SP001", state => state.Keys = [Key("k1", hours: 47)]);

        var later = await ReadAsync(storage);
        later.State!.Keys = [Key("k1", hours: 48), Key("k2")];
        await storage.WriteStateAsync(State, Id, later);
        later.ETag.ShouldBe("2");
    }

    [Fact]
    public Task A_key_that_comes_twice_at_once_is_refused() => IsRefusedAsync(
        PostgresErrorCodes.CardinalityViolation, state => state.Keys = [Key("k1"), Key("k1")]);

    private GrainId Id => GrainId.Create("contract", _key);

    // A refused write leaves no trace: not its version, its events or its keys.
    private async Task IsRefusedAsync(string sqlState, Action<ContractState> change)
    {
        var storage = await StorageAsync();
        var before = await ReadAsync(storage);
        var state = await ReadAsync(storage);
        change(state.State!);

        var refusal = await Should.ThrowAsync<Exception>(storage.WriteStateAsync(State, Id, state));

        SqlStateOf(refusal).ShouldBe(sqlState);
        state.ETag.ShouldBe(before.ETag);
        (await ReadAsync(storage)).ETag.ShouldBe(before.ETag);
    }

    private static string? SqlStateOf(Exception? exception) => exception switch
    {
        null => null,
        PostgresException refusal => refusal.SqlState,
        _ => SqlStateOf(exception.InnerException),
    };

    private async Task<IGrainStorage> StorageAsync() =>
        (await shared.ForTestAsync()).Cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(provider);

    private async Task<GrainState<ContractState>> ReadAsync(IGrainStorage storage)
    {
        var state = new GrainState<ContractState>();
        await storage.ReadStateAsync(State, Id, state);
        return state;
    }

    private static GrainState<ContractState> NewState(ContractState state) => new(state);

    private static IdempotencyKeyEntry Key(string hash, int hours = 24) =>
        new(hash, "fingerprint", "txn_1", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hours));

    private static JsonObject Event(JsonObject? data = null) => new()
    {
        ["id"] = $"evt_{Guid.NewGuid():N}",
        ["type"] = "contract.tested",
        ["at"] = "2026-03-01T12:00:00+00:00",
        ["subject"] = "con_1",
        ["data"] = data ?? [],
    };

    private sealed class ContractState
    {
        public string Text { get; set; } = "";

        public List<JsonObject> Outbox { get; set; } = [];

        public List<IdempotencyKeyEntry> Keys { get; set; } = [];
    }
}

public sealed class MemoryStorageContractTests(SharedWorld shared)
    : StorageContractTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresStorageContractTests(SharedPostgresWorld shared)
    : StorageContractTests(shared), IClassFixture<SharedPostgresWorld>;

public sealed class SharedCommitsContractTests(SharedPostgresWorld shared)
    : StorageContractTests(shared, GrainState.HotProvider), IClassFixture<SharedPostgresWorld>;
