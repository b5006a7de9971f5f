namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>Reads by SQL what the database holds of merchants.</summary>
internal sealed class MerchantTablesReader(SqlReader sql)
{
    public async Task<MerchantTables> ReadAsync(CancellationToken cancellationToken) => new()
    {
        Events = await sql.QueryAsync(
            "SELECT merchant, number, public_id, type, object, seq FROM merchant_events ORDER BY merchant, number",
            row => new MerchantEventRow(
                row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5)),
            cancellationToken),
        Cursors = await sql.QueryAsync(
            """
            SELECT c.endpoint, c.merchant, c.number, coalesce(h.number, 0), coalesce(greatest(c.open_until, c.paused_until) > now(), false)
            FROM webhook_cursors c
            LEFT JOIN merchant_event_heads h ON h.service_id = c.service_id AND h.merchant = c.merchant
            """,
            row => new WebhookCursor(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetBoolean(4)),
            cancellationToken),
        Retries = (await sql.QueryAsync(
            "SELECT endpoint, number FROM webhook_retries", row => (row.GetString(0), row.GetInt64(1)), cancellationToken)).ToHashSet(),
        Tries = await sql.QueryAsync(
            "SELECT endpoint, number, event_id, outcome FROM webhook_tries ORDER BY id",
            row => new WebhookTry(row.GetString(0), row.IsDBNull(1) ? null : row.GetInt64(1), row.GetString(2), row.GetString(3)),
            cancellationToken),
        Clocks = (await sql.QueryAsync(
            "SELECT id, frozen_time, status FROM test_clocks",
            row => (Id: row.GetString(0), Row: new TestClockRow(row.GetFieldValue<DateTimeOffset>(1), row.GetString(2))),
            cancellationToken))
            .ToDictionary(clock => clock.Id, clock => clock.Row, StringComparer.Ordinal),
        OwnAddresses = (await sql.QueryAsync(
            "SELECT address, owner_key FROM ledger_addresses WHERE owner_kind = 'payment_address'",
            row => (Address: row.GetString(0), Session: row.GetString(1)), cancellationToken))
            .ToDictionary(own => own.Address, own => own.Session, StringComparer.Ordinal),
        Journal = await sql.QueryAsync(
            "SELECT owner, account, asset, stroops::bigint FROM journal_balances",
            row => new JournalBalance(row.GetString(0), row.GetString(1), new Money(row.GetString(2), row.GetInt64(3))), cancellationToken),
        JournalProblems = await sql.QueryAsync(
            """
            SELECT event_id || ' ' || problem FROM journal WHERE problem IS NOT NULL
            UNION ALL
            SELECT coalesce(v.day::text || '/' || v.number, 'balances') || ' ' || v.problem
            FROM (SELECT DISTINCT service_id FROM journal) AS s CROSS JOIN LATERAL journal_verify(s.service_id) AS v
            """,
            row => row.GetString(0), cancellationToken),
        Untold = await sql.QueryAsync(
            """
            SELECT owner_key || ' was not told by ' || sender_key FROM owner_rows
            UNION ALL
            SELECT owner_key || ' could not take in what ' || sender_key || ' told: ' || error
            FROM owner_rows_set_aside
            WHERE status = 'waiting'
            """,
            row => row.GetString(0), cancellationToken),
    };
}
