using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Events;

public sealed class EventFeedTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string AppendSql =
        """
        SELECT events_append($1, jsonb_build_array(jsonb_build_object(
            'id', $2 || ' ' || $1, 'type', 'test.happened', 'at', '2026-03-01T12:00:00Z', 'subject', 'wal_1')))
        """;

    // A service of its own for each test: the feed shows one service.
    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgresEventFeed Feed => new(
        database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));

    [Fact]
    public async Task Events_come_in_order_and_a_cursor_goes_on_after_the_last_one_read()
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancelled);
        for (var n = 1; n <= 5; n++)
        {
            await AppendAsync(connection, $"evt_{n}");
        }

        var first = await ReadUntilAsync(EventCursor.Start, count: 5, limit: 2);
        first.Select(IdOf).ShouldBe(["evt_1", "evt_2", "evt_3", "evt_4", "evt_5"]);
        (await Feed.ReadAsync(first[^1].Cursor, 10, Cancelled)).ShouldBeEmpty();
        (await Feed.ReadAsync(first[2].Cursor, 10, Cancelled)).Select(IdOf).ShouldBe(["evt_4", "evt_5"]);
    }

    [Fact]
    public async Task An_event_of_a_transaction_still_in_flight_is_never_skipped()
    {
        // The bug kept away: A takes its number first and commits last. A reader that only remembers the greatest
        // number seen reads B's event, moves past A's, and never sees it.
        await using var a = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var b = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var slow = await a.BeginTransactionAsync(Cancelled);
        await AppendAsync(a, "evt_of_a");
        await AppendAsync(b, "evt_of_b");

        (await CommittedAsync()).ShouldBe(["evt_of_b"]);
        (await Feed.ReadAsync(EventCursor.Start, 10, Cancelled)).ShouldBeEmpty();

        await slow.CommitAsync(Cancelled);
        (await ReadUntilAsync(EventCursor.Start, count: 2)).Select(IdOf).ShouldBe(["evt_of_a", "evt_of_b"]);
    }

    [Fact]
    public async Task A_transaction_that_began_before_but_writes_after_is_not_skipped_either()
    {
        await using var a = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var b = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var slow = await a.BeginTransactionAsync(Cancelled);
        await ExecuteAsync(a, "SELECT pg_current_xact_id()");
        await AppendAsync(b, "evt_of_b");
        (await Feed.ReadAsync(EventCursor.Start, 10, Cancelled)).ShouldBeEmpty();

        await AppendAsync(a, "evt_of_a");
        await slow.CommitAsync(Cancelled);

        // A's transaction is the older one, so its event sorts first although its number is the greater.
        (await ReadUntilAsync(EventCursor.Start, count: 2)).Select(IdOf).ShouldBe(["evt_of_a", "evt_of_b"]);
    }

    [Fact]
    public async Task A_transaction_that_rolls_back_holds_nothing_up_for_good()
    {
        await using var a = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var b = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var doomed = await a.BeginTransactionAsync(Cancelled);
        await AppendAsync(a, "evt_of_a");
        await AppendAsync(b, "evt_of_b");
        await doomed.RollbackAsync(Cancelled);

        (await ReadUntilAsync(EventCursor.Start, count: 1)).Select(IdOf).ShouldBe(["evt_of_b"]);
    }

    [Fact]
    public async Task The_end_lies_behind_what_is_committed_and_before_what_is_still_in_flight()
    {
        // The bug kept away: a front door that starts to read at the greatest number seen misses the event of A.
        await using var a = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var b = await database.DataSource.OpenConnectionAsync(Cancelled);
        await AppendAsync(b, "evt_before");
        await ReadUntilAsync(EventCursor.Start, count: 1);
        await using var slow = await a.BeginTransactionAsync(Cancelled);
        await AppendAsync(a, "evt_of_a");

        var end = await Feed.ReadEndAsync(Cancelled);
        await AppendAsync(b, "evt_of_b");
        await slow.CommitAsync(Cancelled);

        (await ReadUntilAsync(end, count: 2)).Select(IdOf).ShouldBe(["evt_of_a", "evt_of_b"]);
    }

    [Fact]
    public async Task A_reader_that_follows_many_writers_sees_every_event_exactly_once()
    {
        const int writers = 6;
        const int each = 40;
        var written = Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            await using var connection = await database.DataSource.OpenConnectionAsync(Cancelled);
            for (var n = 0; n < each; n++)
            {
                await using var transaction = await connection.BeginTransactionAsync(Cancelled);
                await AppendAsync(connection, $"evt_{writer}_{n}a");
                await AppendAsync(connection, $"evt_{writer}_{n}b");
                await transaction.CommitAsync(Cancelled);
            }
        }));

        var seen = await ReadUntilAsync(EventCursor.Start, writers * each * 2, limit: 7);
        await written;

        seen.Select(IdOf).Distinct().Count().ShouldBe(writers * each * 2);
        (await Feed.ReadAsync(seen[^1].Cursor, 10, Cancelled)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_feed_of_one_service_shows_nothing_of_another()
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancelled);
        await AppendAsync(connection, "evt_1");

        var other = new PostgresEventFeed(
            database.DataSource, Options.Create(new PostgresOptions { ServiceId = "another" }));
        await ReadUntilAsync(EventCursor.Start, count: 1);
        (await other.ReadAsync(EventCursor.Start, 10, Cancelled)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_consumer_moves_only_from_where_it_stands()
    {
        var one = new EventCursor(5, 1);
        var two = new EventCursor(ulong.MaxValue, long.MaxValue);
        (await Feed.ReadCursorAsync("webhooks", Cancelled)).ShouldBe(EventCursor.Start);

        (await Feed.TryMoveCursorAsync("webhooks", EventCursor.Start, one, Cancelled)).ShouldBeTrue();
        (await Feed.TryMoveCursorAsync("webhooks", EventCursor.Start, two, Cancelled)).ShouldBeFalse();
        (await Feed.ReadCursorAsync("webhooks", Cancelled)).ShouldBe(one);
        (await Feed.TryMoveCursorAsync("webhooks", one, two, Cancelled)).ShouldBeTrue();
        (await Feed.ReadCursorAsync("webhooks", Cancelled)).ShouldBe(two);
        (await Feed.ReadCursorAsync("another", Cancelled)).ShouldBe(EventCursor.Start);
    }

    [Fact]
    public async Task Of_ten_that_move_a_cursor_at_once_one_does()
    {
        var moved = await Task.WhenAll(Enumerable.Range(1, 10).Select(
            n => Feed.TryMoveCursorAsync("raced", EventCursor.Start, new EventCursor(1, n), Cancelled)));

        moved.Count(result => result).ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task A_page_has_1_to_1000_events(int limit)
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Feed.ReadAsync(EventCursor.Start, limit, Cancelled));
    }

    private static string IdOf(FeedEvent one) => one.EventId.Split(' ')[0];

    // Other databases of the same server hold the feed back while they write, so what is committed shows a little later.
    private async Task<List<FeedEvent>> ReadUntilAsync(EventCursor cursor, int count, int limit = 100)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        var seen = new List<FeedEvent>();
        while (seen.Count < count)
        {
            var page = await Feed.ReadAsync(cursor, limit, deadline.Token);
            page.Count.ShouldBeLessThanOrEqualTo(limit);
            seen.AddRange(page);
            cursor = seen.Count > 0 ? seen[^1].Cursor : cursor;
        }

        return seen;
    }

    private async Task<List<string>> CommittedAsync()
    {
        await using var command = database.DataSource.CreateCommand("SELECT event_id FROM events WHERE service_id = $1");
        command.Parameters.AddWithValue(_service);
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var ids = new List<string>();
        while (await reader.ReadAsync(Cancelled))
        {
            ids.Add(reader.GetString(0).Split(' ')[0]);
        }

        return ids;
    }

    private async Task AppendAsync(NpgsqlConnection connection, string id)
    {
        await using var command = new NpgsqlCommand(AppendSql, connection);
        command.Parameters.AddWithValue(_service);
        command.Parameters.AddWithValue(id);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
