using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Storage;

/// <summary>State and events can never disagree: one statement writes both, or neither.</summary>
public sealed class OutboxTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _key = $"wal_{Guid.NewGuid():N}";

    [Fact]
    public async Task A_write_appends_its_outbox_in_order_and_stores_the_state_without_it()
    {
        await WriteAsync(null, State(Event("evt_1", "wallet.opened"), Event("evt_2", "wallet.activated")));

        (await EventsAsync()).ShouldBe(["evt_1 wallet.opened usr_1", "evt_2 wallet.activated usr_1"]);
        (await PayloadAsync()).ShouldBe("""{"revision": 1}""");
    }

    [Fact]
    public async Task A_stale_write_appends_nothing()
    {
        await WriteAsync(null, State());
        await WriteAsync(1, State());

        (await WriteAsync(1, State(Event("evt_1", "wallet.opened")))).ShouldBe(1);
        (await WriteAsync(null, State(Event("evt_2", "wallet.opened")))).ShouldBeNull();

        (await EventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_that_cannot_be_appended_takes_the_state_back_with_it()
    {
        await WriteAsync(null, State());

        foreach (var wrong in (string[])["id", "type", "at", "subject"])
        {
            var incomplete = Event("evt_1", "wallet.opened");
            incomplete.Remove(wrong);
            await Should.ThrowAsync<PostgresException>(() => WriteAsync(1, State(incomplete)), wrong);
        }

        (await VersionAsync()).ShouldBe(1);
        (await EventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Racing_writers_leave_the_events_of_the_one_that_won()
    {
        await WriteAsync(null, State());

        var versions = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            async n => (n, Version: await WriteAsync(1, State(Event($"evt_{n}", "wallet.opened"))))));

        var winner = versions.Single(result => result.Version == 2).n;
        (await EventsAsync()).ShouldBe([$"evt_{winner} wallet.opened usr_1"]);
    }

    [Fact]
    public async Task An_outbox_has_at_most_1000_events()
    {
        var many = Enumerable.Range(0, 1001).Select(n => Event($"evt_{n}", "wallet.opened")).ToArray();

        var refusal = await Should.ThrowAsync<PostgresException>(() => WriteAsync(null, State(many)));

        refusal.MessageText.ShouldBe("an outbox holds at most 1000 events, this one has 1001");
        (await VersionAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Data_and_time_of_an_event_are_kept_exactly()
    {
        var one = Event("evt_1", "wallet.credited");
        one["at"] = "2026-03-01T12:30:00.123456+02:00";
        one["data"] = new JsonObject { ["amount"] = "12.5000000", ["from"] = null };
        await WriteAsync(null, State(one));

        await using var command = database.DataSource.CreateCommand(
            "SELECT data::text, occurred_at FROM events WHERE event_id = $1");
        command.Parameters.AddWithValue($"evt_1{_key}");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        (await reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();
        reader.GetString(0).ShouldBe("""{"from": null, "amount": "12.5000000"}""");
        reader.GetFieldValue<DateTimeOffset>(1)
            .ShouldBe(new DateTimeOffset(2026, 3, 1, 10, 30, 0, TimeSpan.Zero).AddMicroseconds(123456));
    }

    private JsonObject Event(string id, string type) => new()
    {
        ["id"] = id + _key,
        ["type"] = type,
        ["at"] = "2026-03-01T12:30:00Z",
        ["subject"] = _key,
        ["owner"] = "usr_1",
        ["data"] = new JsonObject { ["walletId"] = _key },
    };

    private static JsonObject State(params JsonObject[] outbox) => new()
    {
        ["revision"] = 1,
        ["outbox"] = new JsonArray([.. outbox]),
    };

    private async Task<int?> WriteAsync(int? version, JsonObject state)
    {
        await using var command = database.DataSource.CreateCommand(
            "SELECT grain_state_write('tests', 'wallet', $1, $2, $3)");
        command.Parameters.AddWithValue(_key);
        command.Parameters.Add(new NpgsqlParameter<int?> { TypedValue = version });
        command.Parameters.AddWithValue(Encoding.UTF8.GetBytes(state.ToJsonString()));
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as int?;
    }

    private async Task<List<string>> EventsAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var command = database.DataSource.CreateCommand(
            "SELECT replace(event_id, $1, '') || ' ' || type || ' ' || owner FROM events WHERE subject = $1 ORDER BY id");
        command.Parameters.AddWithValue(_key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(reader.GetString(0));
        }

        return events;
    }

    private async Task<int?> VersionAsync() => await OfStateAsync("version") as int?;

    private async Task<string?> PayloadAsync() => await OfStateAsync("payload::text") as string;

    private async Task<object?> OfStateAsync(string column)
    {
        await using var command = database.DataSource.CreateCommand(
            $"SELECT {column} FROM grain_state WHERE grain_key = $1");
        command.Parameters.AddWithValue(_key);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
