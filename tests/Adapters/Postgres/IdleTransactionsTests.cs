using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Adapters.Postgres.Storage.GroupCommit;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres;

/// <summary>
/// A process that stops within a transaction. The bug kept away: nobody read an event until it went on, unless the server happened to be
/// the one that we start.
/// </summary>
public sealed class IdleTransactionsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string IdleInTransaction = "25P03";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_has_written_and_is_idle_is_ended_by_the_server_and_events_are_read_on(bool direct)
    {
        await using var services = Services(database.ConnectionString);
        var source = direct ? services.GetRequiredService<DirectDatabase>().Source : services.GetRequiredService<NpgsqlDataSource>();
        // A session that has changed hands.
        await using (var before = await source.OpenConnectionAsync(Cancelled))
        {
            await AppendAsync(before, "evt_before");
        }

        await using var stopped = await source.OpenConnectionAsync(Cancelled);
        await using var transaction = await stopped.BeginTransactionAsync(Cancelled);
        await AppendAsync(stopped, "evt_of_who_stopped");
        await using (var other = await database.DataSource.OpenConnectionAsync(Cancelled))
        {
            await AppendAsync(other, "evt_after");
        }

        var feed = services.GetRequiredService<IEventFeed>();
        IReadOnlyList<FeedEvent> read = [];
        for (var began = Stopwatch.GetTimestamp(); read.Count < 2;)
        {
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Deadline, "events are still held back");
            read = await feed.ReadAsync(EventCursor.Start, 10, Cancelled);
        }

        read.Select(each => each.EventId.Split(' ')[0]).ShouldBe(["evt_before", "evt_after"]);
        (await Should.ThrowAsync<PostgresException>(() => AppendAsync(stopped, "evt_late"))).SqlState.ShouldBe(IdleInTransaction);
    }

    [Fact]
    public async Task What_an_operator_sets_in_the_connection_string_holds()
    {
        var own = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = "-c idle_in_transaction_session_timeout=77s" };
        await using var services = Services(own.ConnectionString);
        foreach (var source in new[]
        {
            services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<DirectDatabase>().Source,
        })
        {
            await using var show = source.CreateCommand("SHOW idle_in_transaction_session_timeout");
            (await show.ExecuteScalarAsync(Cancelled)).ShouldBe("77s");
        }
    }

    [Fact]
    public async Task The_connections_that_write_states_have_it_too()
    {
        var options = new PostgresOptions
        {
            ConnectionString = database.ConnectionString, ServiceId = _service, IdleInTransaction = TimeSpan.FromMilliseconds(54_321),
        };
        await using var source = WriteConnection.Source(options, "tests");
        await using var show = source.CreateCommand("SHOW idle_in_transaction_session_timeout");

        (await show.ExecuteScalarAsync(Cancelled)).ShouldBe("54321ms");
    }

    private ServiceProvider Services(string connectionString) => new ServiceCollection()
        .AddLogging()
        .AddStellarPayPostgres(options =>
        {
            options.ConnectionString = connectionString;
            options.ServiceId = _service;
            options.IdleInTransaction = TimeSpan.FromMilliseconds(200);
        })
        .BuildServiceProvider();

    private async Task AppendAsync(NpgsqlConnection connection, string id)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT events_append($1, jsonb_build_array(jsonb_build_object(
                'id', $2 || ' ' || $1, 'type', 'test.happened', 'at', '2026-03-01T12:00:00Z', 'subject', 'wal_1')))
            """,
            connection);
        command.Parameters.AddWithValue(_service);
        command.Parameters.AddWithValue(id);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
