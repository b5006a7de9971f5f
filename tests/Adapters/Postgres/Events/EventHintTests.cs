using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Tests;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Events;

/// <summary>Readers hear of events soon, and no write pays for it.</summary>
public sealed class EventHintTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly IOptions<PostgresOptions> _options = Options.Create(new PostgresOptions
    {
        ConnectionString = database.ConnectionString, ServiceId = $"tests-{Guid.NewGuid():N}",
    });

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_told_is_heard()
    {
        await using var direct = new DirectDatabase(_options);
        await using var listener = new EventListener(direct, _options, TimeProvider.System, NullLogger<EventListener>.Instance);
        await using var teller = new EventTeller(direct, _options, TimeProvider.System, NullLogger<EventTeller>.Instance);
        // The first comes of itself, when it has begun to listen.
        await listener.Next.WaitAsync(Deadline, Cancelled);
        var next = listener.Next;

        teller.Tell();

        await next.WaitAsync(Deadline, Cancelled);
    }

    [Fact]
    public async Task What_is_told_within_20_ms_is_told_together()
    {
        await using var direct = new DirectDatabase(_options);
        var clock = new TestClock();
        await using var teller = new EventTeller(direct, _options, clock, NullLogger<EventTeller>.Instance);
        await using var listening = await ListenAsync();
        var heard = 0;
        listening.Notification += (_, told) => heard += told.Payload == _options.Value.ServiceId ? 1 : 0;

        for (var burst = 1; burst <= 3; burst++)
        {
            for (var i = 0; i < 100; i++)
            {
                teller.Tell();
            }

            await clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(20));
            clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        // Those of a burst that came while the first of them was on its way are told once more after it.
        await MarkAsync(listening);
        heard.ShouldBeInRange(1, 6);
    }

    [Fact]
    public async Task No_write_notifies()
    {
        await using var listening = await ListenAsync();
        var heard = 0;
        listening.Notification += (_, told) => heard += told.Payload == "mark" ? 0 : 1;
        await using (var write = database.DataSource.CreateCommand(
            """
            SELECT grain_state_write($1, 'wallet', 'wal_1', NULL, convert_to(
                '{"outbox":[{"id":"evt_1","type":"t","at":"2026-03-01T12:00:00Z","subject":"s"}]}', 'UTF8'))
            """))
        {
            write.Parameters.Add(new NpgsqlParameter { Value = _options.Value.ServiceId });
            await write.ExecuteNonQueryAsync(Cancelled);
        }

        await MarkAsync(listening);
        heard.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_held_back_is_looked_for_every_25_ms_and_anything_each_second()
    {
        await using var a = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var older = await a.BeginTransactionAsync(Cancelled);
        await using (var begin = new NpgsqlCommand("SELECT pg_current_xact_id()", a))
        {
            await begin.ExecuteNonQueryAsync(Cancelled);
        }

        await AppendAsync();
        var (clock, feed) = (new TestClock(), new PostgresEventFeed(database.DataSource, _options));
        var pace = new EventPace(new Silence(), feed, clock);
        pace.BeforeRead();
        (await feed.ReadAsync(EventCursor.Start, 10, Cancelled)).ShouldBeEmpty();
        (await feed.IsHeldBackAsync(Cancelled)).ShouldBeTrue();

        var waits = pace.WaitAsync(Cancelled);
        await clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(25));
        clock.Advance(TimeSpan.FromMilliseconds(25));
        await waits.WaitAsync(Deadline, Cancelled);

        await older.RollbackAsync(Cancelled);
        await UntilNothingIsHeldBackAsync(feed);
        (await feed.ReadAsync(EventCursor.Start, 10, Cancelled)).ShouldHaveSingleItem();
        var idle = pace.WaitAsync(Cancelled);
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        idle.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(1));
        await idle.WaitAsync(Deadline, Cancelled);
    }

    private static async Task UntilNothingIsHeldBackAsync(PostgresEventFeed feed)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Deadline);
        while (await feed.IsHeldBackAsync(deadline.Token))
        {
        }
    }

    private async Task AppendAsync()
    {
        await using var append = database.DataSource.CreateCommand(
            """
            SELECT events_append($1, jsonb_build_array(jsonb_build_object(
                'id', 'evt_1', 'type', 'test.happened', 'at', '2026-03-01T12:00:00Z', 'subject', 'wal_1')))
            """);
        append.Parameters.Add(new NpgsqlParameter { Value = _options.Value.ServiceId });
        await append.ExecuteNonQueryAsync(Cancelled);
    }

    private async Task<NpgsqlConnection> ListenAsync()
    {
        var connection = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var listen = new NpgsqlCommand($"LISTEN {EventTeller.Channel}", connection);
        await listen.ExecuteNonQueryAsync(Cancelled);
        return connection;
    }

    // Notifications come in the order of their commits, so that before this one there are all.
    private async Task MarkAsync(NpgsqlConnection listening)
    {
        var marked = false;
        listening.Notification += (_, told) => marked |= told.Payload == "mark";
        await using (var mark = database.DataSource.CreateCommand($"SELECT pg_notify('{EventTeller.Channel}', 'mark')"))
        {
            await mark.ExecuteNonQueryAsync(Cancelled);
        }

        while (!marked)
        {
            await listening.WaitAsync(Cancelled);
        }
    }

    private sealed class Silence : IEventSignal
    {
        public Task Next { get; } = new TaskCompletionSource().Task;
    }
}
