using Npgsql;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Links;

/// <summary>
/// Invoices' sessions and numbers, by infra/postgres/migrations/0070_invoices.sql. The bugs kept away: one paid twice, a gap.
/// </summary>
public sealed class InvoicePiecesTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    // A fixed one: by the database's own, midnight UTC could pass within a test, and a new day counts from nothing.
    private const string Day = "timestamptz '2025-03-01 12:00:00+00'";
    private const string NextDay = $"{Day} + interval '1 day'";

    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_session_at_a_time_can_pay_an_invoice_and_who_comes_second_is_told_which()
    {
        await OpenAsync("in_one");
        (await TakeAsync("in_one", "pay_a")).ShouldBe("taken ");
        (await TakeAsync("in_one", "pay_b")).ShouldBe("begun pay_a");
        await StoreAsync("pay_a", "Created", version: null);
        (await TakeAsync("in_one", "pay_b")).ShouldBe("made pay_a");
        (await Should.ThrowAsync<PostgresException>(() => RunAsync(
            "INSERT INTO payment_link_pieces (service_id, session, link, holder, site) VALUES ($1, 'pay_b', 'in_one', '', '')")))
            .ConstraintName.ShouldBe("payment_link_pieces_invoice");

        await StoreAsync("pay_a", "Expired", version: 1);
        (await TakeAsync("in_one", "pay_b")).ShouldBe("taken ");
        await StoreAsync("pay_b", "Created", version: null);
        await StoreAsync("pay_b", "Paid", version: 1);
        (await TakeAsync("in_one", "pay_c")).ShouldBe("paid pay_b");
        // What counts links' pieces leaves it to its invoice.
        (await ScalarAsync<long>("SELECT count(*) FROM payment_link_unsettled($1, interval '0', 100)")).ShouldBe(0);
        (await ScalarAsync<string>("SELECT string_agg(u.invoice, ' ') FROM invoice_unsettled($1, interval '10 minutes', 100) u")).ShouldBe("in_one");
    }

    [Fact]
    public async Task A_session_that_was_lost_meanwhile_is_not_stored_and_one_that_was_refused_is_not_counted()
    {
        await OpenAsync("in_lost");
        await TakeAsync("in_lost", "pay_d");
        await RunAsync("UPDATE payment_link_pieces SET taken_at = now() - interval '11 minutes' WHERE service_id = $1");
        (await TakeAsync("in_lost", "pay_e", mostADay: 2)).ShouldBe("taken ");

        (await Should.ThrowAsync<PostgresException>(() => StoreAsync("pay_d", "Created", version: null))).SqlState.ShouldBe("SP007");

        await RunAsync("SELECT invoice_give_back($1, 'in_lost', 'pay_e')");
        (await TakeAsync("in_lost", "pay_f", mostADay: 2)).ShouldBe("taken ");
        await StoreAsync("pay_f", "Created", version: null);
        await StoreAsync("pay_f", "Canceled", version: 1);
        (await TakeAsync("in_lost", "pay_g", mostADay: 2)).ShouldBe("too_many ");
        // Another day.
        (await TakeAsync("in_lost", "pay_g", mostADay: 2, now: NextDay)).ShouldBe("taken ");
        await RunAsync(
            "UPDATE invoices SET status = 'void', voided_at = now() WHERE service_id = $1 AND id = 'in_lost'");
        (await TakeAsync("in_lost", "pay_h")).ShouldBe("void ");
    }

    // The bug kept away: each step of an invoice walked over all pieces of all merchants.
    [Fact]
    public async Task An_invoices_session_is_found_by_indexes_however_many_pieces_there_are()
    {
        await OpenAsync("in_few");
        await TakeAsync("in_few", "pay_few");
        await StoreAsync("pay_few", "Created", version: null);
        await RunAsync(
            """
            INSERT INTO payment_link_pieces (service_id, session, link, holder, site, status)
            SELECT $1, 'pay_many' || n, 'plink_' || n % 100, 'h', 's', 'made' FROM generate_series(1, 20000) n
            """);
        await using (var analyze = database.DataSource.CreateCommand("ANALYZE payment_link_pieces"))
        {
            await analyze.ExecuteNonQueryAsync(Cancelled);
        }

        (await ScalarAsync<string>("SELECT o.session FROM invoice_session($1, 'in_few') o")).ShouldBe("pay_few");
        var plan = await ScalarAsync<string>("EXPLAIN (FORMAT JSON) SELECT o.session FROM invoice_session($1, 'in_few') o");

        plan.ShouldContain("\"payment_link_pieces_invoice\"");
        plan.ShouldContain("\"payment_link_pieces_settle\"");
        plan.ShouldNotContain("payment_link_pieces_pkey");
        plan.ShouldNotContain("Seq Scan");
    }

    [Fact]
    public async Task A_session_that_was_made_for_an_invoice_is_known_for_ever_and_one_that_was_not_is_not()
    {
        await OpenAsync("in_known");
        await TakeAsync("in_known", "pay_i");
        await RunAsync("SELECT invoice_give_back($1, 'in_known', 'pay_i')");
        await TakeAsync("in_known", "pay_j");
        await StoreAsync("pay_j", "Created", version: null);
        await StoreAsync("pay_j", "Expired", version: 1);
        await RunAsync("DELETE FROM payment_link_pieces WHERE service_id = $1 AND link = 'in_known'");
        (await ScalarAsync<string>("SELECT string_agg(s.session, ' ') FROM invoice_sessions s WHERE s.service_id = $1 AND s.invoice = 'in_known'"))
            .ShouldBe("pay_j");

        // While what came late for it is being accepted there is no other.
        await RunAsync(
            $"""
            UPDATE invoices SET accepting = 'pay_{new string('0', 24)} 1-0 {new string('a', 32)}', accepting_at = now()
            WHERE service_id = $1 AND id = 'in_known'
            """);
        (await TakeAsync("in_known", "pay_k")).ShouldBe("begun ");
    }

    [Fact]
    public async Task A_number_that_is_taken_back_is_the_next_ones_who_waits_for_it()
    {
        await using var first = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await first.BeginTransactionAsync(Cancelled);
        await using (var number = new NpgsqlCommand(Number("ACME"), first, transaction))
        {
            number.Parameters.AddWithValue(_service);
            (await number.ExecuteScalarAsync(Cancelled)).ShouldBe("ACME 1");
        }

        var waits = ScalarAsync<string>(Number("OTHER"));
        await transaction.RollbackAsync(Cancelled);

        (await waits).ShouldBe("OTHER 1");
        (await ScalarAsync<string>(Number("ACME"))).ShouldBe("OTHER 2");
    }

    [Fact]
    public async Task A_merchant_makes_so_many_a_day_and_has_so_many_unpaid()
    {
        (await AddAsync("in_x", most: 2, mostADay: 3)).ShouldBe("added");
        (await AddAsync("in_y", most: 2, mostADay: 3)).ShouldBe("added");
        (await AddAsync("in_z", most: 2, mostADay: 3)).ShouldBe("too_many");
        (await AddAsync("in_z", most: 9, mostADay: 3)).ShouldBe("added");
        (await AddAsync("in_w", most: 9, mostADay: 3)).ShouldBe("too_many_today");
        (await AddAsync("in_w", most: 9, mostADay: 3, now: NextDay)).ShouldBe("added");
    }

    private static string Number(string prefix) => $"SELECT n.prefix || ' ' || n.sequence FROM invoice_number($1, 'mer_1', '{prefix}') n";

    private Task<string> AddAsync(string id, int most = 100, int mostADay = 100, string now = Day) => ScalarAsync<string>(
        $"SELECT invoice_add($1, '{id}', 'mer_1', '{"{}"}', NULL, NULL, {now}, NULL, {most}, {mostADay}, '[]')");

    private async Task OpenAsync(string id)
    {
        (await AddAsync(id)).ShouldBe("added");
        await RunAsync(
            $"""
            UPDATE invoices SET status = 'open', sequence = 1, number = 'ACME-0001', finalized_at = now(), due_at = now()
            WHERE service_id = $1 AND id = '{id}'
            """);
    }

    private Task<string> TakeAsync(string invoice, string session, int mostADay = 100, string now = Day) => ScalarAsync<string>(
        $"""
        SELECT t.answer || ' ' || coalesce(t.session, '')
        FROM invoice_take($1, '{invoice}', '{session}', {mostADay}, {now}, interval '10 minutes') t
        """);

    private Task StoreAsync(string session, string status, int? version)
    {
        var listed = $$"""{"status":"{{status}}","listed":[{"scope":"mer_1","kind":"payment_session","id":"{{session}}","at":"2026-03-01T12:00:00Z","status":"{{status}}"}]}""";
        return RunAsync(
            $"SELECT grain_state_write($1, 'payment_session', '{session}', {version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "NULL"}, convert_to('{listed}', 'UTF8'))");
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Command(sql);
        return (T)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task RunAsync(string sql)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private NpgsqlCommand Command(string sql)
    {
        var command = database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue(_service);
        return command;
    }
}
