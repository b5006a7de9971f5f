using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Tests;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Storage;

/// <summary>Idempotency keys are written with the state that gave their answer, or neither is.</summary>
public sealed class IdempotencyKeysTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;
    private readonly string _key = $"wal_{Guid.NewGuid():N}";

    [Fact]
    public async Task A_write_stores_its_keys_beside_the_state_and_not_in_it()
    {
        await WriteAsync(null, Key("h1", "txn_1", Noon), Key("h2", "txn_2", Noon));

        (await ScalarAsync("SELECT payload::text FROM grain_state WHERE grain_key = $1", _key)).ShouldBe("""{"revision": 1}""");
        var index = Index();
        (await index.ReadAsync(_key, Noon, 10, Stop)).Select(k => k.Subject).ShouldBe(["txn_1", "txn_2"], ignoreOrder: true);
        (await index.ReadAsync(_key, Noon, 1, Stop)).Count.ShouldBe(1);
        var one = (await index.FindAsync(_key, "h1", Noon, Stop))!;
        (one.Fingerprint, one.Subject, one.Until).ShouldBe(("body", "txn_1", Noon.AddHours(24)));
        (await index.FindAsync(_key, "h3", Noon, Stop)).ShouldBeNull();
        (await index.FindAsync("wal_another", "h1", Noon, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_that_is_there_refuses_the_state_too()
    {
        await WriteAsync(null, Key("h1", "txn_1", Noon));

        var refusal = await Should.ThrowAsync<PostgresException>(
            () => WriteAsync(1, Key("h0", "txn_0", Noon), Key("h1", "txn_2", Noon.AddHours(23))));

        Index().IsTaken(refusal).ShouldBeTrue();
        Index().IsTaken(new InvalidOperationException("as the provider wraps it", refusal)).ShouldBeTrue();
        Index().IsTaken(new InvalidOperationException()).ShouldBeFalse();
        (await ScalarAsync("SELECT version FROM grain_state WHERE grain_key = $1", _key)).ShouldBe(1);
        (await Index().ReadAsync(_key, Noon, 10, Stop)).Select(k => k.Subject).ShouldBe(["txn_1"]);
    }

    [Fact]
    public async Task A_key_whose_time_is_over_can_be_used_anew_even_before_it_is_forgotten()
    {
        await WriteAsync(null, Key("h1", "txn_1", Noon));

        (await Index().FindAsync(_key, "h1", Noon.AddHours(24), Stop)).ShouldBeNull();
        (await WriteAsync(1, Key("h1", "txn_2", Noon.AddHours(24)))).ShouldBe(2);

        (await Index().FindAsync(_key, "h1", Noon.AddHours(24), Stop))!.Subject.ShouldBe("txn_2");
    }

    [Fact]
    public async Task A_stale_write_stores_no_key()
    {
        await WriteAsync(null);

        (await WriteAsync(7, Key("h1", "txn_1", Noon))).ShouldBe(7);

        (await Index().ReadAsync(_key, Noon, 10, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_pruner_forgets_what_is_over_and_nothing_else()
    {
        var business = new TestClock(Noon.AddHours(24));
        using var pruner = new IdempotencyPruner(
            database.DataSource, Settings(), TimeProvider.System, business, NullLogger<IdempotencyPruner>.Instance);
        await WriteAsync(null, Key("old", "txn_1", Noon), Key("new", "txn_2", Noon.AddSeconds(1)));

        (await pruner.PruneAsync(Stop)).ShouldBeGreaterThanOrEqualTo(1);

        (await Index().ReadAsync(_key, Noon.AddHours(-1), 10, Stop)).Select(k => k.Subject).ShouldBe(["txn_2"]);
    }

    private static JsonObject Key(string hash, string subject, DateTimeOffset at) => new()
    {
        ["hash"] = hash, ["fingerprint"] = "body", ["subject"] = subject, ["until"] = at.AddHours(24),
    };

    private static IOptions<PostgresOptions> Settings() => Options.Create(new PostgresOptions { ServiceId = "tests" });

    private PostgresIdempotencyIndex Index() => new(database.DataSource, Settings());

    private async Task<int?> WriteAsync(int? version, params JsonObject[] keys)
    {
        await using var command = database.DataSource.CreateCommand("SELECT grain_state_write('tests', 'wallet', $1, $2, $3)");
        command.Parameters.AddWithValue(_key);
        command.Parameters.Add(new NpgsqlParameter<int?> { TypedValue = version });
        var state = new JsonObject { ["revision"] = 1, ["keys"] = new JsonArray([.. keys]) };
        command.Parameters.AddWithValue(Encoding.UTF8.GetBytes(state.ToJsonString()));
        return await command.ExecuteScalarAsync(Stop) as int?;
    }

    private async Task<object?> ScalarAsync(string sql, string parameter)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue(parameter);
        return await command.ExecuteScalarAsync(Stop);
    }
}
