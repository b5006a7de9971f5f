using System.Globalization;
using Npgsql;
using StellarPay.Adapters.Postgres.Ledger;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Ledger;

/// <summary>Inboxes that are read at once share statements; nothing else of one owner reaches another.</summary>
public sealed class InboxReadsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Owners = 100;
    private const int Unreadable = 57;

    private static readonly DateTimeOffset Closed = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_of_many_gets_its_own_rows_in_order_and_as_many_as_it_asked_for()
    {
        await FillAsync();
        var reads = new InboxReads(database.DataSource, _service, TimeProvider.System);

        var pages = await Task.WhenAll(Enumerable.Range(1, Owners).Except([Unreadable])
            .Select(async o => (Owner: o, Page: await reads.ReadAsync(Wallet(o), limit: 2))));

        foreach (var (owner, page) in pages)
        {
            // Owner o has o % 4 rows.
            var rows = owner % 4;
            page.Watermark.ShouldBe(new LedgerClose(11, Closed));
            page.Entries.Select(entry => entry.Movement!.From).ShouldBe(Enumerable.Range(1, Math.Min(rows, 2)).Select(n => $"{owner}-{n}"));
            page.More.ShouldBe(rows > 2);
        }
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_fails_its_owner_and_nobody_else()
    {
        await FillAsync();
        var reads = new InboxReads(database.DataSource, _service, TimeProvider.System);

        var all = Enumerable.Range(1, Owners).Select(o => reads.ReadAsync(Wallet(o), limit: 10)).ToArray();
        await ((Task)Task.WhenAll(all)).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        Enumerable.Range(1, Owners).Where(o => !all[o - 1].IsCompletedSuccessfully).ShouldBe([Unreadable]);
        all[Unreadable - 1].Exception!.InnerException.ShouldBeOfType<System.Text.Json.JsonException>();
    }

    [Fact]
    public async Task After_a_database_that_refused_everybody_the_next_are_read()
    {
        await FillAsync();
        await using var away = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "no_such_database" }.ConnectionString);
        var reads = new InboxReads(away, _service, TimeProvider.System);

        for (var round = 0; round < 3; round++)
        {
            var all = Enumerable.Range(1, Owners).Select(o => reads.ReadAsync(Wallet(o), limit: 10)).ToArray();
            await ((Task)Task.WhenAll(all)).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            all.ShouldAllBe(one => one.IsFaulted);
        }
    }

    private static LedgerOwner Wallet(int owner) => new("wallet", string.Create(CultureInfo.InvariantCulture, $"wal_{owner}"));

    private async Task FillAsync()
    {
        var inbox = new PostgresLedgerInbox(
            database.DataSource,
            Microsoft.Extensions.Options.Options.Create(new Adapters.Postgres.PostgresOptions { ServiceId = _service }),
            TimeProvider.System);
        await inbox.DeliverAsync(new LedgerDelivery(null, new LedgerMark(10, "h10", "h9", Closed), Anchors, [], []), Cancelled);
        var from = await inbox.GetWatermarkAsync(Cancelled);
        await inbox.DeliverAsync(new LedgerDelivery(from, new LedgerMark(11, "h11", "h10", Closed), Anchors, [], []), Cancelled);
        await using var fill = database.DataSource.CreateCommand(
            """
            WITH given AS (
                SELECT 'wal_' || o AS key, (11::bigint << 32) + o * 100 + n AS token, o, n
                FROM generate_series(1, $2) AS o, LATERAL generate_series(1, CASE WHEN o = $3 THEN 1 ELSE o % 4 END) AS n),
            moved AS (
                INSERT INTO ledger_movements (service_id, token, number, kind, readers, content)
                SELECT $1, token, 0, 'movement', ARRAY['wallet/' || key],
                       convert_to(CASE WHEN o = $3 THEN 'null'
                                       ELSE json_build_object('pagingToken', token, 'from', o || '-' || n)::text END, 'UTF8')
                FROM given)
            INSERT INTO ledger_inbox (service_id, owner_kind, owner_key, token, number, delivered_at)
            SELECT $1, 'wallet', key, token, 0, now() FROM given ORDER BY token DESC
            """);
        fill.Parameters.AddWithValue(_service);
        fill.Parameters.AddWithValue(Owners);
        fill.Parameters.AddWithValue(Unreadable);
        await fill.ExecuteNonQueryAsync(Cancelled);
    }

    private static Dictionary<long, string> Anchors => [];
}
