using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Adapters.Postgres.Projections;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Adapters.Telemetry;

/// <summary>Counts what stands in the database: each query is an index's range, or a bounded part of it.</summary>
internal sealed class StandingReader(
    NpgsqlDataSource database, ILedgerInbox inbox, IProjections projections, IEventFeed feed, IOptions<PostgresOptions> options)
{
    /// <summary>The most events that are counted; more is as bad.</summary>
    public const int MostEvents = 10_000;

    /// <summary>A sweep comes each second; what it has not reached by then is late.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(10);

    private readonly string _serviceId = options.Value.ServiceId;

    /// <param name="now">Business time, by which grains are due.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Standing> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var parked = await CountAsync(
            "SELECT status, count(*) FROM ledger_parked WHERE service_id = @service_id AND status = 'parked' GROUP BY status",
            cancellationToken);
        var suspended = await CountAsync(
            "SELECT status, count(*) FROM suspense WHERE service_id = @service_id AND status IN ('open', 'sending') GROUP BY status",
            cancellationToken);
        var lags = new List<Standing.Lag>();
        foreach (var name in projections.Names)
        {
            lags.Add(await ReadLagAsync(name, cancellationToken));
        }

        return new Standing(
            parked, suspended, await ReadDueAsync(now, cancellationToken), await feed.ReadHeldAsync(cancellationToken), lags,
            await inbox.GetWatermarkAsync(cancellationToken) is { } mark ? new LedgerClose(mark.Ledger, mark.ClosedAt) : null)
        {
            SetAside = await CountAsync(
                "SELECT name, count(*) FROM projection_set_aside WHERE service_id = @service_id GROUP BY name", cancellationToken),
            OwnerRows = await ReadOwnerRowsAsync(cancellationToken),
            OldestWriter = await ReadOldestWriterAsync(cancellationToken),
            Books = await CountAsync(
                """
                SELECT 'unposted', journal_unposted(@service_id)
                UNION ALL
                SELECT 'differs', count(*) FROM book_differences WHERE service_id = @service_id
                """,
                cancellationToken),
            Comparing = await ReadComparingAsync(cancellationToken),
        };
    }

    private async Task<IReadOnlyList<Standing.Counted>> CountAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new List<Standing.Counted>();
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add(new Standing.Counted(reader.GetString(0), reader.GetInt64(1)));
        }

        return counts;
    }

    // Rows live for milliseconds, so that few are looked at where all is well, and no more than the bound where it is not.
    private async Task<IReadOnlyList<Standing.Counted>> ReadOwnerRowsAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT 'waiting', count(*) FILTER (WHERE NOT r.set_aside AND r.sent_at <= now() - @late)
            FROM (SELECT o.set_aside, o.sent_at FROM owner_rows o WHERE o.service_id = @service_id LIMIT @most) AS r
            UNION ALL
            SELECT 'set_aside', count(*) FROM owner_rows_set_aside s WHERE s.service_id = @service_id AND s.status = 'waiting'
            """);
        command.Parameters.AddWithValue("late", Late);
        command.Parameters.AddWithValue("most", MostEvents);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new List<Standing.Counted>();
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add(new Standing.Counted(reader.GetString(0), reader.GetInt64(1)));
        }

        return counts;
    }

    private async Task<Standing.Compared?> ReadComparingAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT age, address, unclear, accounts, unclear_accounts, walk_age FROM book_uncompared_oldest(@service_id)");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Standing.Compared(
                reader.GetTimeSpan(0), reader.GetValue(1) as string, reader.GetValue(2) as string, reader.GetInt64(3), reader.GetInt64(4),
                reader.GetTimeSpan(5))
            : null;
    }

    private async Task<IReadOnlyList<Standing.Due>> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT state_name, count(*), count(*) FILTER (WHERE due_at <= @late)
            FROM grain_state
            WHERE service_id = @service_id AND due_at <= @now
            GROUP BY state_name
            """);
        command.Parameters.AddWithValue("now", now.ToUniversalTime());
        command.Parameters.AddWithValue("late", (now - Late).ToUniversalTime());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<Standing.Due>();
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(new Standing.Due(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        }

        return due;
    }

    // Who holds events back: the oldest transaction that writes, in whatever database, prepared ones too. Null where none does.
    private async Task<Standing.Writer?> ReadOldestWriterAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT who, greatest(clock_timestamp() - began, interval '0')
            FROM (
                SELECT 'process ' || pid || coalesce(' (' || nullif(application_name, '') || ')', '')
                           || coalesce(' on database ' || datname, '') AS who,
                       xact_start AS began, backend_xid AS xid
                FROM pg_stat_activity
                WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
                UNION ALL
                SELECT 'prepared transaction ' || gid || ' on database ' || database, prepared, transaction
                FROM pg_prepared_xacts
            ) AS writers
            ORDER BY age(xid) DESC
            LIMIT 1
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && !reader.IsDBNull(1)
            ? new Standing.Writer(reader.GetString(0), reader.GetTimeSpan(1))
            : null;
    }

    private async Task<Standing.Lag> ReadLagAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT count(*), coalesce(greatest(clock_timestamp() - min(e.recorded_at), interval '0'), interval '0')
            FROM (SELECT) AS one
            LEFT JOIN projections p ON p.service_id = @service_id AND p.name = @name
            CROSS JOIN LATERAL events_read(@service_id, coalesce(p.xid, '0'), coalesce(p.id, 0), @most) AS e
            """);
        command.Parameters.AddWithValue("name", name);
        command.Parameters.AddWithValue("most", MostEvents);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Standing.Lag(name, reader.GetInt64(0), reader.GetTimeSpan(1));
    }

    private NpgsqlCommand Command(string sql)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue("service_id", _serviceId);
        return command;
    }
}
