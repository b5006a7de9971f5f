using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>Reads the database by SQL, without any code of the system's.</summary>
internal sealed class DatabaseReader(NpgsqlDataSource database)
{
    private const string ReadTable = "payments";
    private static readonly TimeSpan RebuildDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(200);

    private readonly SqlReader _sql = new(database);

    /// <summary>What is not at its end, by its kind; nothing at rest.</summary>
    public Task<List<(string Kind, long Count)>> OpenAsync(CancellationToken cancellationToken)
    {
        const string sql =
            """
            SELECT kind, count FROM (
                SELECT 'payments' AS kind, count(*) AS count FROM (
                    SELECT DISTINCT ON (data ->> 'paymentId') data ->> 'status' AS status, data -> 'claim' ->> 'status' AS claim
                    FROM events WHERE type LIKE 'payment.%'
                    ORDER BY data ->> 'paymentId', xid DESC, id DESC) AS last
                WHERE status NOT IN ('succeeded', 'failed', 'expired', 'cancelled') OR claim = 'reclaiming'
                UNION ALL
                SELECT 'schedules', count(*) FROM grain_rows
                WHERE state_name = 'schedule_book'
                  AND ((coalesce(payload ->> 'status', 'Active') = 'Active' AND (payload ->> 'nextAt')::timestamptz < now())
                       OR (payload -> 'current' ->> 'stepAt')::timestamptz < now() + interval '90 s')
                UNION ALL
                SELECT 'keys', count(*) FROM grain_state WHERE jsonb_typeof(payload -> 'nextKey') = 'object'
                UNION ALL
                SELECT 'deposits', count(*) FROM suspense WHERE status = 'sending'
                UNION ALL
                SELECT 'transactions', count(*) FROM grain_state WHERE jsonb_typeof(payload -> 'submission') = 'object'
                UNION ALL
                SELECT 'what owners told each other', count(*) FROM owner_rows WHERE NOT set_aside
                UNION ALL
                SELECT 'receipts', count(*) FROM unmatched_receipts WHERE status = 'Refunding'
                UNION ALL
                SELECT 'test clocks', count(*) FROM test_clocks WHERE status = 'advancing'
                UNION ALL
                SELECT 'refunds', count(*) FROM (
                    SELECT DISTINCT ON (data -> 'object' ->> 'id')
                           data -> 'object' ->> 'status' AS status, data -> 'object' ->> 'pending_reason' AS reason
                    FROM events WHERE type LIKE 'refund.%'
                    ORDER BY data -> 'object' ->> 'id', xid DESC, id DESC) AS refund
                WHERE status = 'pending' AND reason IS DISTINCT FROM 'insufficient_funds'
                UNION ALL
                SELECT 'webhooks', count(*) FROM webhook_cursors c
                JOIN merchant_event_heads h ON h.service_id = c.service_id AND h.merchant = c.merchant
                WHERE (c.number < h.number OR c.replay_next IS NOT NULL)
                  AND greatest(c.open_until, c.paused_until) > now() IS NOT TRUE) AS open
            WHERE count > 0
            """;
        return QueryAsync(sql, row => (row.GetString(0), row.GetInt64(1)), cancellationToken);
    }

    public async Task<DatabaseEvidence> ReadAsync(CancellationToken cancellationToken)
    {
        await UntilProjectedAsync(cancellationToken);
        var readTable = await ReadTableAsync(cancellationToken);
        await QueryAsync($"SELECT projection_reset(service_id, name) FROM projections WHERE name = '{ReadTable}'", _ => 0, cancellationToken);
        await UntilProjectedAsync(cancellationToken);
        return new DatabaseEvidence(
            await QueryAsync("SELECT event_id, type, subject, owner, occurred_at, data::text FROM events ORDER BY xid, id", ReadEvent, cancellationToken),
            (await QueryAsync(
                """
                SELECT s.grain_key, s.version,
                       (s.payload || jsonb_build_object('payments', coalesce(r.payments, s.payload -> 'payments', '[]')))::text
                FROM grain_state s
                LEFT JOIN LATERAL (
                    SELECT jsonb_agg(g.payload ORDER BY g.row_key) AS payments
                    FROM grain_rows g
                    WHERE g.service_id = s.service_id AND g.state_name = s.state_name AND g.grain_key = s.grain_key
                      AND g.row_key LIKE 'txn\_%'
                ) r ON true
                WHERE s.grain_key LIKE 'wal\_%' AND s.payload IS NOT NULL
                """,
                row => (Key: row.GetString(0), Row: new WalletRow(row.GetInt32(1), Json(row.GetString(2)))),
                cancellationToken)).ToDictionary(wallet => wallet.Key, wallet => wallet.Row, StringComparer.Ordinal),
            readTable,
            await ReadTableAsync(cancellationToken),
            (await QueryAsync(
                "SELECT address, owner_key FROM ledger_addresses WHERE owner_kind = 'wallet'", row => (row.GetString(0), row.GetString(1)), cancellationToken))
                .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
            (await QueryAsync(
                "SELECT chain, audit_verify(chain) FROM (SELECT DISTINCT chain FROM audit_log) AS chains",
                row => (Chain: row.GetString(0), Broken: row.IsDBNull(1) ? (long?)null : row.GetInt64(1)),
                cancellationToken)).Where(chain => chain.Broken is not null)
                .ToDictionary(chain => chain.Chain, chain => chain.Broken!.Value, StringComparer.Ordinal))
        {
            Suspense = await SuspenseAsync(cancellationToken),
            // What comes to the treasury is the platform's own.
            PlatformAddresses = await QueryAsync(
                "SELECT payload -> 'key' ->> 'publicKey' FROM grain_state WHERE grain_key LIKE 'plt\\_%' AND grain_key <> 'plt_treasury' "
                + "AND payload -> 'key' ->> 'publicKey' IS NOT NULL", row => row.GetString(0), cancellationToken),
            Schedules = await SchedulesAsync(cancellationToken),
            Now = (await QueryAsync("SELECT now()", row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken))[0],
            Parked = await QueryAsync(
                "SELECT owner_key || ' ' || token || ': ' || error FROM ledger_parked WHERE status = 'parked'", row => row.GetString(0), cancellationToken),
            Merchants = await new MerchantTablesReader(_sql).ReadAsync(cancellationToken),
        };
    }

    private Task<List<SuspenseRow>> SuspenseAsync(CancellationToken cancellationToken) => QueryAsync(
        """
        SELECT id, paging_token, account, asset, stroops, sender, status, decision ->> 'hash', decision ->> 'destination',
               decision ->> 'failure'
        FROM suspense
        """,
        row => new SuspenseRow(
            row.GetString(0), row.GetInt64(1), row.GetString(2), new Money(row.GetString(3), row.GetInt64(4)), Text(row, 5),
            row.GetString(6),
            row.IsDBNull(9) ? Text(row, 7) : null, Text(row, 8)),
        cancellationToken);

    private Task<List<StoredSchedule>> SchedulesAsync(CancellationToken cancellationToken) => QueryAsync(
        """
        SELECT payload ->> 'id', coalesce(payload ->> 'status', 'Active') = 'Active', (payload ->> 'nextAt')::timestamptz,
               (payload -> 'current' ->> 'number')::integer, (payload -> 'current' ->> 'stepAt')::timestamptz,
               payload ->> 'current'
        FROM grain_rows
        WHERE state_name = 'schedule_book'
        """,
        row => new StoredSchedule(
            row.GetString(0), row.GetBoolean(1), Time(row, 2), row.IsDBNull(3) ? null : row.GetInt32(3), Time(row, 4))
        {
            CurrentText = Text(row, 5),
        },
        cancellationToken);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    // The workers of the silos take the events in; this only waits for them.
    private async Task UntilProjectedAsync(CancellationToken cancellationToken)
    {
        const string sql =
            """
            SELECT count(*) FROM projections p
            WHERE (p.xid, p.id) < (SELECT e.xid, e.id FROM events e ORDER BY e.xid DESC, e.id DESC LIMIT 1)
            """;
        var began = Stopwatch.GetTimestamp();
        while ((await QueryAsync(sql, row => row.GetInt64(0), cancellationToken))[0] > 0
            && Stopwatch.GetElapsedTime(began) < RebuildDeadline)
        {
            await Task.Delay(PollEvery, cancellationToken);
        }
    }

    private Task<List<HistoryRow>> ReadTableAsync(CancellationToken cancellationToken) => QueryAsync(
        """
        SELECT wallet_id, payment_id, owner, direction, status, counterparty_address, asset, amount_stroops, memo,
               transaction_hash, ledger, failure_code, revision
        FROM payments
        """,
        row => new HistoryRow(
            row.GetString(0), row.GetString(1), Text(row, 2), row.GetString(3), row.GetString(4), Text(row, 5), row.GetString(6),
            row.GetInt64(7), Text(row, 8), Text(row, 9), row.IsDBNull(10) ? null : row.GetInt64(10), Text(row, 11), row.GetInt64(12)),
        cancellationToken);

    private static EventRow ReadEvent(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), Text(row, 3), row.GetFieldValue<DateTimeOffset>(4), Json(row.GetString(5)));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        _sql.QueryAsync(sql, read, cancellationToken);
}
