using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Events;

/// <summary>Events are cut into partitions while they are written; each is as append-only as the whole.</summary>
public sealed class EventPartitionTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cut_keeps_every_event_and_readers_go_on_and_leave_old_partitions_out()
    {
        var options = Options.Create(new PostgresOptions { ConnectionString = database.ConnectionString, ServiceId = "tests" });
        await using var direct = new DirectDatabase(options);
        using var worker = new EventPartitionWorker(direct, TimeProvider.System, NullLogger<EventPartitionWorker>.Instance);
        await AppendAsync("evt_1");
        (await worker.CutAsync(TimeSpan.FromDays(30), 1_000_000, Cancelled)).ShouldBeNull("the partition is new");

        // Other tests' databases of the same cluster use up transaction ids too: as many as they do not in a moment.
        var name = await worker.CutAsync(TimeSpan.Zero, 20_000, Cancelled);
        name.ShouldBe("events_2");
        var cut = Convert.ToUInt64(await ScalarAsync("SELECT from_xid::text FROM events_partitions WHERE name = 'events_2'"));
        await AppendAsync("evt_2");
        await ScalarAsync(
            $"DO 'BEGIN WHILE pg_current_xact_id()::text::bigint < {cut} LOOP COMMIT; END LOOP; END'");

        await AppendAsync("evt_3");

        (await ScalarAsync("SELECT string_agg(event_id, ' ' ORDER BY id) FROM events_1")).ShouldBe("evt_1 evt_2");
        (await ScalarAsync("SELECT string_agg(event_id, ' ' ORDER BY id) FROM events_2")).ShouldBe("evt_3");
        var feed = new PostgresEventFeed(database.DataSource, options);
        var seen = new List<FeedEvent>();
        while (seen.Count < 3)
        {
            seen.AddRange(await feed.ReadAsync(seen.Count > 0 ? seen[^1].Cursor : EventCursor.Start, 10, Cancelled));
        }

        seen.Select(e => e.EventId).ShouldBe(["evt_1", "evt_2", "evt_3"]);
        var plan = await PlanAsync(cut);
        plan.ShouldContain("events_2");
        plan.ShouldNotContain("events_1");

        // Of each partition there is, and of the whole: a test that names them would forget the next one.
        foreach (var table in await PartitionsAsync())
        {
            foreach (var (operation, sql) in new[]
            {
                ("DELETE", $"DELETE FROM {table}"), ("UPDATE", $"UPDATE {table} SET type = 'other'"), ("TRUNCATE", $"TRUNCATE {table}"),
            })
            {
                (await Should.ThrowAsync<PostgresException>(() => ScalarAsync(sql))).MessageText
                    .ShouldBe($"{table} is append-only: {operation} refused");
            }
        }
    }

    private async Task<List<string>> PartitionsAsync()
    {
        await using var command = database.DataSource.CreateCommand("SELECT relid::text FROM pg_partition_tree('events')");
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var names = new List<string>();
        while (await reader.ReadAsync(Cancelled))
        {
            names.Add(reader.GetString(0));
        }

        names.Count.ShouldBe(3);
        return names;
    }

    // The function's own text, for an EXPLAIN does not look into functions.
    private async Task<string> PlanAsync(ulong from)
    {
        var body = (string)(await ScalarAsync("SELECT prosrc FROM pg_proc WHERE proname = 'events_read'"))!;
        var query = body.Replace("p_xid", $"'{from}'::xid8").Replace("p_id", "0").Replace("p_limit", "10")
            .Replace("p_service_id", "'tests'");
        await using var command = database.DataSource.CreateCommand($"EXPLAIN {query}");
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var lines = new List<string>();
        while (await reader.ReadAsync(Cancelled))
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }

    private async Task AppendAsync(string id) => await ScalarAsync(
        $"""
        SELECT events_append('tests', jsonb_build_array(jsonb_build_object(
            'id', '{id}', 'type', 'test.happened', 'at', '2026-03-01T12:00:00Z', 'subject', 'wal_1')))
        """);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancelled);
    }
}
