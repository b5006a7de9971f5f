using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Projections;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Projections;

/// <summary>A merchant's events are numbered from 1 on without a gap, in the order of the feed, and each once.</summary>
public sealed class MerchantEventsProjectionTests : IClassFixture<PostgresDatabase>
{
    private const string Name = "merchant_events";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly PostgresDatabase _database;
    private readonly string _service = $"tests-{Guid.NewGuid():N}";
    private readonly PostgresProjections _projections;
    private int _made;

    public MerchantEventsProjectionTests(PostgresDatabase database)
    {
        _database = database;
        _projections = new PostgresProjections(database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_merchants_numbers_are_dense_whatever_else_happens()
    {
        await AppendAsync(
            Event("mer_a", "payment_session.created"), Event("usr_1", "payment.created"), Event("mer_b", "payment_session.created"),
            Event("mer_a", "merchant.key_created"), Event("mer_a", "payment_session.paid"), Event("mer_b", "refund.created"));
        await CatchUpAsync(6);

        (await ReadAsync("mer_a")).ShouldBe(
            ["1 payment_session.created native", "2 payment_session.paid native", "3 payment.success simple"]);
        (await ReadAsync("mer_b")).ShouldBe(["1 payment_session.created native", "2 refund.created stripe"]);
    }

    [Fact]
    public async Task What_has_no_object_or_no_sequence_number_is_set_aside_and_leaves_no_gap()
    {
        await AppendAsync(
            Event("mer_a", "payment_session.created"),
            Event("mer_a", "payment_session.viewed") with { Data = new { seq = 2 } },
            Event("mer_a", "payment_session.viewed") with { Data = new { @object = new { } } },
            Event("mer_a", "payment_session.viewed") with { Data = new { @object = new { }, seq = "2" } },
            Event("mer_a", "payment_session.viewed") with { Data = new { @object = new { }, seq = 1.5 } },
            Event("mer_a", "payment_session.expired"));
        await CatchUpAsync(6);

        (await ReadAsync("mer_a")).ShouldBe(["1 payment_session.created native", "2 payment_session.expired native"]);
        (await ScalarAsync<long>("SELECT count(*) FROM projection_set_aside WHERE service_id = $1", _service)).ShouldBe(4);
    }

    [Fact]
    public async Task Built_anew_from_the_first_event_it_has_the_same_numbers_and_ids()
    {
        await AppendAsync([.. Enumerable.Range(0, 30).Select(at => Event($"mer_{at % 3}", at % 4 == 0 ? "payment_session.paid" : "payment_session.late"))]);
        await CatchUpAsync(30);
        var before = await AllAsync();

        await _projections.RebuildAsync(Name, Cancelled);

        (await AllAsync()).ShouldBe(before);
        before.Length.ShouldBe(38);
        before.Select(line => line.Split(' ')[2]).ShouldBeUnique();
    }

    // A number that was given to what commits later would be skipped by an endpoint's cursor for ever.
    [Fact]
    public async Task What_is_in_flight_is_waited_for_and_numbered_in_its_place()
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await AppendAsync(connection, Event("mer_a", "payment_session.created"));
        await AppendAsync(Event("mer_a", "payment_session.viewed"));

        (await _projections.AdvanceAsync(Name, Cancelled)).ShouldBe(0);
        await transaction.CommitAsync(Cancelled);
        await CatchUpAsync(2);

        (await ReadAsync("mer_a")).ShouldBe(["1 payment_session.created native", "2 payment_session.viewed native"]);
    }

    private TestEvent Event(string owner, string type) => new(owner, type, new { @object = new { id = "pay_1" }, seq = ++_made, session = "pay_1" });

    private async Task AppendAsync(params TestEvent[] events)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync(Cancelled);
        await AppendAsync(connection, events);
    }

    private async Task AppendAsync(NpgsqlConnection connection, params TestEvent[] events)
    {
        await using var command = new NpgsqlCommand("SELECT events_append($1, $2::jsonb)", connection);
        command.Parameters.AddWithValue(_service);
        command.Parameters.AddWithValue(JsonSerializer.Serialize(events.Select(one => new
        {
            id = Grains.Identifiers.EventId.New(TimeProvider.System).Value, type = one.Type, at = PaymentEvents.Noon, subject = "pay_1", owner = one.Owner, data = one.Data,
        })));
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    // Other tests have older transactions in flight.
    private async Task CatchUpAsync(int events)
    {
        var (taken, since) = (0, TimeProvider.System.GetTimestamp());
        while ((taken += await _projections.AdvanceAsync(Name, Cancelled)) < events)
        {
            TimeProvider.System.GetElapsedTime(since).ShouldBeLessThan(Patience, $"{taken} of {events} were taken");
        }
    }

    private Task<string[]> ReadAsync(string merchant) => ListAsync(
        "SELECT concat_ws(' ', number, type, dialect) FROM merchant_events WHERE service_id = $1 AND merchant = $2 ORDER BY number", _service, merchant);

    private Task<string[]> AllAsync() => ListAsync(
        "SELECT concat_ws(' ', merchant, number, public_id, type, object, seq) FROM merchant_events WHERE service_id = $1 ORDER BY merchant, number",
        _service);

    private async Task<string[]> ListAsync(string sql, params object[] values)
    {
        await using var command = _database.DataSource.CreateCommand(sql);
        Array.ForEach(values, value => command.Parameters.AddWithValue(value));
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        while (await reader.ReadAsync(Cancelled))
        {
            rows.Add(reader.GetString(0));
        }

        return [.. rows];
    }

    private async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = _database.DataSource.CreateCommand(sql);
        Array.ForEach(values, value => command.Parameters.AddWithValue(value));
        return (T)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private sealed record TestEvent(string Owner, string Type, object Data);
}
