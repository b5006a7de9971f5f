using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Lists;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Lists;

public sealed class ObjectListTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgresObjectLists Lists => new(database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));

    // Through the whole list it was 313 ms at 30,000.
    [Fact]
    public async Task What_has_a_rare_status_is_found_without_walking_through_all_the_others()
    {
        await using (var fill = Command(
            """
            SELECT count(grain_state_write($1, 'payment_session', 'pay_' || n, NULL, convert_to(
                '{"status":"Created","listed":[{"scope":"mer_1","kind":"payment_session","id":"pay_' || n
                || '","at":"2026-03-01T12:00:00Z","status":"Created"}]}', 'UTF8')))
            FROM generate_series(1, 3000) AS n
            """))
        {
            await fill.ExecuteScalarAsync(Cancelled);
        }

        await EndAsync("pay_7");
        await EndAsync("pay_2000");
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var explain = new NpgsqlCommand(
            """
            EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)
            SELECT id, payload FROM object_list_page($1, 'mer_1', 'payment_session', NULL, NULL, 'Canceled', NULL, NULL, NULL, 11)
            """,
            connection);
        explain.Parameters.AddWithValue(_service);
        // What a connection reads of the catalogue to plan it the first time is no part of the page.
        await explain.ExecuteScalarAsync(Cancelled);
        using var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync(Cancelled))!);
        var root = plan.RootElement[0].GetProperty("Plan");

        root.GetProperty("Actual Rows").GetDouble().ShouldBe(2);
        (root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64()).ShouldBeLessThan(40);
        (await PageAsync("Canceled")).ShouldBe(["pay_2000", "pay_7"]);
        (await PageAsync("Canceled", after: "pay_2000")).ShouldBe(["pay_7"]);
        (await PageAsync("Canceled", before: "pay_7")).ShouldBe(["pay_2000"]);
        (await PageAsync("Created", after: "pay_2001", limit: 1)).ShouldBe(["pay_1999"]);
        (await PageAsync("Created", before: "pay_1999", limit: 1)).ShouldBe(["pay_2001"]);
        (await PageAsync(null, after: "pay_2001", limit: 1)).ShouldBe(["pay_2000"]);
    }

    // By number all that came later is read on the way, or all of the list.
    [Theory]
    [InlineData("NULL, NULL, '2026-03-01T00:10:00Z', '2026-03-01T00:12:00Z'", "pay_11 pay_10")]
    [InlineData("'Created', NULL, '2026-03-01T00:10:00Z', '2026-03-01T00:12:00Z'", "pay_11 pay_10")]
    [InlineData("'Paid', NULL, '2026-03-01T00:10:00Z', '2026-03-01T00:12:00Z'", "")]
    [InlineData("NULL, NULL, NULL, '2026-03-01T00:03:00Z'", "pay_2 pay_1")]
    [InlineData("NULL, 'plink_7', NULL, NULL", "pay_1007 pay_7")]
    [InlineData("NULL, 'plink_7', '2026-03-01T01:00:00Z', NULL", "pay_1007")]
    public async Task What_was_made_in_a_time_or_by_a_link_is_found_without_walking_through_all_that_came_later(string asked, string found)
    {
        await using (var fill = Command(
            """
            SELECT count(grain_state_write($1, 'payment_session', 'pay_' || n, NULL, convert_to(
                '{"status":"Created","listed":[{"scope":"mer_1","kind":"payment_session","id":"pay_' || n
                || '","at":"' || to_char(timestamptz '2026-03-01T00:00:00Z' + n * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SSOF')
                || '","status":"Created"' || CASE WHEN n % 1000 = 7 AND n < 2000 THEN ',"origin":"plink_7"' ELSE '' END || '}]}', 'UTF8')))
            FROM generate_series(1, 3000) AS n
            """))
        {
            await fill.ExecuteScalarAsync(Cancelled);
        }

        await using var connection = await database.DataSource.OpenConnectionAsync(Cancelled);
        var page = $"SELECT id, payload FROM object_list_page($1, 'mer_1', 'payment_session', NULL, NULL, {asked}, 11)";
        await using var explain = new NpgsqlCommand($"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {page}", connection);
        explain.Parameters.AddWithValue(_service);
        await explain.ExecuteScalarAsync(Cancelled);
        using var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync(Cancelled))!);
        var root = plan.RootElement[0].GetProperty("Plan");
        await using var ids = new NpgsqlCommand($"SELECT coalesce(string_agg(p.id, ' '), '') FROM ({page}) p", connection);
        ids.Parameters.AddWithValue(_service);

        (await ids.ExecuteScalarAsync(Cancelled)).ShouldBe(found);
        (root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64()).ShouldBeLessThan(60);
    }

    // A list of 100,000, of which one was made each second until now: each page of a month read all of the month.
    [Theory]
    [InlineData("NULL, NULL, 'Created', NULL, now() - interval '1 day', NULL", "pay_100000 pay_99999 pay_99998")]
    [InlineData("NULL, NULL, NULL, NULL, now() - interval '1 day', NULL", "pay_100000 pay_99999 pay_99998")]
    [InlineData("'pay_50001', NULL, NULL, NULL, now() - interval '1 day', NULL", "pay_50000 pay_49999 pay_49998")]
    [InlineData("NULL, 'pay_50000', NULL, NULL, now() - interval '1 day', NULL", "pay_50003 pay_50002 pay_50001")]
    [InlineData("NULL, NULL, NULL, NULL, NULL, now() - interval '49999.5 seconds'", "pay_50000 pay_49999 pay_49998")]
    [InlineData("NULL, NULL, NULL, NULL, now() - interval '50002.5 seconds', now() - interval '49999.5 seconds'", "pay_50000 pay_49999 pay_49998")]
    [InlineData("'pay_13601', NULL, NULL, NULL, now() - interval '86401.5 seconds', NULL", "pay_13600 pay_13599 pay_stray")]
    [InlineData("NULL, NULL, NULL, NULL, now() + interval '1 day', NULL", "pay_stray")]
    public async Task A_page_of_a_long_time_reads_no_more_than_one_of_a_short_one(string asked, string found)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancelled);
        // All in one transaction, which is one time.
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await using (var fill = new NpgsqlCommand(
            """
            INSERT INTO object_lists (service_id, scope, kind, id, created_at, status, is_stray)
            SELECT $1, 'mer_1', 'payment_session', id, at, 'Created', id = 'pay_stray'
            FROM (
                SELECT 'pay_stray' AS id, now() + interval '2 days' AS at, 0 AS n
                UNION ALL
                SELECT 'pay_' || n, now() - (100000 - n) * interval '1 second', n FROM generate_series(1, 100000) AS n
                ORDER BY n) AS made
            """,
            connection))
        {
            fill.Parameters.AddWithValue(_service);
            await fill.ExecuteNonQueryAsync(Cancelled);
        }

        await using (var states = new NpgsqlCommand(
            """
            SELECT count(grain_state_write($1, 'payment_session', l.id, NULL, '{}'))
            FROM object_lists l
            WHERE l.service_id = $1 AND l.id = ANY (string_to_array($2, ' '))
            """,
            connection))
        {
            states.Parameters.AddWithValue(_service);
            states.Parameters.AddWithValue(found);
            await states.ExecuteNonQueryAsync(Cancelled);
        }

        var page = $"SELECT id, payload FROM object_list_page($1, 'mer_1', 'payment_session', {asked}, 3)";
        await using var ids = new NpgsqlCommand($"SELECT coalesce(string_agg(p.id, ' '), '') FROM ({page}) p", connection);
        ids.Parameters.AddWithValue(_service);
        // The stray is later than a day ago, and was put here first: it is the last of what was made since.
        (await ids.ExecuteScalarAsync(Cancelled)).ShouldBe(found);
        await using var explain = new NpgsqlCommand($"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {page}", connection);
        explain.Parameters.AddWithValue(_service);
        await explain.ExecuteScalarAsync(Cancelled);
        using var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync(Cancelled))!);
        var root = plan.RootElement[0].GetProperty("Plan");

        (root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64()).ShouldBeLessThan(120);
    }

    [Fact]
    public async Task A_status_changes_with_the_state_and_not_where_its_write_is_stale()
    {
        await WriteAsync("pay_1", null, "Created");
        (await WriteAsync("pay_1", 7, "Paid")).ShouldBe(7);
        (await PageAsync("Created")).ShouldBe(["pay_1"]);

        (await WriteAsync("pay_1", 1, "Paid")).ShouldBe(2);

        ((await PageAsync("Created")).Length, (await PageAsync("Paid")).Length, (await PageAsync(null)).Length).ShouldBe((0, 1, 1));
    }

    private async Task EndAsync(string id) => (await WriteAsync(id, 1, "Canceled")).ShouldBe(2);

    private async Task<string[]> PageAsync(string? status, string? after = null, string? before = null, int limit = 10) =>
    [
        .. (await Lists.ReadAsync(new ObjectQuery("mer_1", "payment_session", after, before, status, limit), Cancelled))
            .Objects.Select(each => each.Id),
    ];

    private async Task<int?> WriteAsync(string id, int? version, string status)
    {
        await using var command = Command("SELECT grain_state_write($1, 'payment_session', $2, $3, $4)");
        command.Parameters.AddWithValue(id);
        command.Parameters.Add(new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer,
            Value = (object?)version ?? DBNull.Value,
        });
        command.Parameters.AddWithValue(Encoding.UTF8.GetBytes(
            $$"""
            {"status":"{{status}}","listed":[{"scope":"mer_1","kind":"payment_session","id":"{{id}}","at":"2026-03-01T12:00:00Z","status":"{{status}}"}]}
            """));
        return await command.ExecuteScalarAsync(Cancelled) as int?;
    }

    private NpgsqlCommand Command(string sql)
    {
        var command = database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue(_service);
        return command;
    }
}
