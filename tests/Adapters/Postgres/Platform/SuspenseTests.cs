using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Platform;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Storage;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Platform;

public sealed class SuspenseTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SuspenseDecision Return = new(
        SuspenseStatus.Returned, "usr_1", Noon, null, "GS", "hash", 7);

    private int? _version;
    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgresSuspense Suspense => new(
        database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));

    [Fact]
    public async Task A_deposit_is_taken_in_once_and_comes_back_as_it_was()
    {
        var bare = New("sus_2") with { Sender = null, Memo = null, MemoType = null };
        await EnterAsync(New("sus_1"), bare);
        await EnterAsync(New("sus_1") with { Stroops = 99 });

        (await Suspense.FindAsync("sus_1", Cancelled)).ShouldBe(New("sus_1"));
        (await Suspense.FindAsync("sus_2", Cancelled)).ShouldBe(bare);
        (await Suspense.FindAsync("sus_3", Cancelled)).ShouldBeNull();
        (await Suspense.ListAsync(SuspenseStatus.Open, null, 1, Cancelled)).ShouldBe([bare]);
        (await Suspense.ListAsync(null, "sus_2", 10, Cancelled)).ShouldBe([New("sus_1")]);
        (await Suspense.ListAsync(SuspenseStatus.Kept, null, 10, Cancelled)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_decision_and_its_status_are_stored_with_the_state_and_only_where_it_stands_as_thought()
    {
        await EnterAsync(New("sus_1"));

        (await MoveAsync("sus_1", SuspenseStatus.Open, SuspenseStatus.Sending)).ShouldBeNull();
        var version = _version;
        (await MoveAsync("sus_1", SuspenseStatus.Open, SuspenseStatus.Sending)).ShouldBe("SP004");

        _version.ShouldBe(version);
        (await Suspense.ListAsync(SuspenseStatus.Sending, null, 10, Cancelled))
            .ShouldBe([New("sus_1") with { Status = SuspenseStatus.Sending, Decision = Return }]);
        (await DecisionAsync("sus_1")).ShouldBe(
            """{"hash": "hash", "outcome": "returned", "operator": "usr_1", "decidedAt": "2026-03-01T12:00:00+00:00", "destination": "GS", "completedLedger": 7}""");
    }

    [Fact]
    public async Task Of_many_who_decide_at_once_one_does()
    {
        await EnterAsync(New("sus_1"));

        // Each under a state of its own, so that nothing else than the deposit's status can stop them.
        var refused = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            n => WriteAsync($"plt_suspense_{n}", null, Moved("sus_1", SuspenseStatus.Open, SuspenseStatus.Sending))));

        refused.Count(each => each.Refusal is null).ShouldBe(1);
    }

    [Fact]
    public async Task Never_are_two_under_way_at_once()
    {
        await EnterAsync(New("sus_1"), New("sus_2"));
        (await MoveAsync("sus_1", SuspenseStatus.Open, SuspenseStatus.Sending)).ShouldBeNull();

        (await MoveAsync("sus_2", SuspenseStatus.Open, SuspenseStatus.Sending)).ShouldBe(PostgresErrorCodes.UniqueViolation);

        (await Suspense.FindAsync("sus_2", Cancelled))!.Status.ShouldBe(SuspenseStatus.Open);
    }

    [Fact]
    public async Task What_has_been_decided_stays_so_even_against_the_database()
    {
        await EnterAsync(New("sus_1"));
        (await MoveAsync("sus_1", SuspenseStatus.Open, SuspenseStatus.Kept)).ShouldBeNull();

        (await MoveAsync("sus_1", SuspenseStatus.Kept, SuspenseStatus.Open)).ShouldBe(PostgresErrorCodes.CheckViolation);
        await using var command = database.DataSource.CreateCommand("UPDATE suspense SET status = 'open' WHERE service_id = $1");
        command.Parameters.AddWithValue(_service);
        var failed = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancelled));

        failed.MessageText.ShouldBe("suspense sus_1: it is kept already");
    }

    [Fact]
    public async Task A_deposit_that_the_table_refuses_refuses_the_write_that_would_have_taken_its_row_in()
    {
        var refused = await Should.ThrowAsync<PostgresException>(() => EnterAsync(New("sus_1"), New("sus_2") with { Stroops = 0 }));

        refused.SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
        (await Suspense.FindAsync("sus_1", Cancelled)).ShouldBeNull();
        _version.ShouldBeNull();
    }

    // As the grain's storage writes a state that carries them.
    private async Task EnterAsync(params SuspendedDeposit[] deposits) =>
        _version = await WriteStateAsync("plt_suspense", _version, new { inbox = new { suspended = deposits } });

    // The SQLSTATE with which the write was refused, or null.
    private async Task<string?> MoveAsync(string id, SuspenseStatus from, SuspenseStatus to)
    {
        var (version, refusal) = await WriteAsync("plt_suspense", _version, Moved(id, from, to));
        _version = version ?? _version;
        return refusal;
    }

    private static object Moved(string id, SuspenseStatus from, SuspenseStatus to) => new
    {
        inbox = new
        {
            moved = new[]
            {
                new { id, from = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{from}"), to = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{to}"), decision = Return },
            },
        },
    };

    private async Task<(int? Version, string? Refusal)> WriteAsync(string key, int? version, object state)
    {
        try
        {
            return (await WriteStateAsync(key, version, state), null);
        }
        catch (PostgresException refused)
        {
            return (null, refused.SqlState);
        }
    }

    private async Task<int> WriteStateAsync(string key, int? version, object state)
    {
        await using var command = database.DataSource.CreateCommand("SELECT grain_state_write($1, 'suspense', $2, $3, $4)");
        command.Parameters.AddWithValue(_service);
        command.Parameters.AddWithValue(key);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)version ?? DBNull.Value });
        command.Parameters.AddWithValue(JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Options));
        return (int)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task<string?> DecisionAsync(string id)
    {
        await using var command = database.DataSource.CreateCommand("SELECT decision::text FROM suspense WHERE service_id = $1 AND id = $2");
        command.Parameters.AddWithValue(_service);
        command.Parameters.AddWithValue(id);
        return (string?)await command.ExecuteScalarAsync(Cancelled);
    }

    private static SuspendedDeposit New(string id) => new(
        id, 5, 1, "hash", "GA", "plt_fees_00", "native", 7, "GS", null, null, "order 7", "text", Noon);
}
