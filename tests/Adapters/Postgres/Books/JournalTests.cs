using Npgsql;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Books;

/// <summary>Each entry balances, is posted once, stands in its place for ever, and is what its event says.</summary>
public sealed class JournalTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Broken = "the chain breaks here";

    private readonly JournalFixture _journal = new(database);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_template_that_is_missing_puts_the_amount_to_unposted_and_what_cannot_be_read_is_an_entry_that_says_so()
    {
        await _journal.PostAsync(
            ("wallet.booked", "wal_1", Moves(5, Move("received", "5"), Move("levitated", "2", incoming: false))),
            ("merchant.refund_reserved", "mer_1", new { asset = "native", held = "-1.0000000", available = "0.0000000", fee = "0.0000000" }),
            ("loan.paid_out", "ln_1", new { asset = "native", amount = "1.0000000" }),
            ("wallet.booked", "wal_1", new { ledger = "seven", moves = new[] { Move("received", "1") } }),
            ("wallet.booked", "wal_1", new { ledger = 5, moves = new[] { new { kind = "received", amount = "1", @in = true } } }),
            ("wallet.booked", "wal_1", Moves(6, Move("received", "1"))));

        (await _journal.LinesAsync()).ShouldBe(
        [
            "1 wallet.booked ledger wal_1 native -30000000", "1 wallet.booked unposted wal_1 native -20000000",
            "1 wallet.booked wallet wal_1 native 50000000",
            "6 wallet.booked ledger wal_1 native -10000000", "6 wallet.booked wallet wal_1 native 10000000",
        ]);
        (await ProblemsAsync()).ShouldBe(
        [
            "1 no template: levitated", "2 -1.0000000 is no amount", "3 neither posted nor silent: loan.paid_out",
            "4 invalid input syntax for type bigint: \"seven\"", "5 an amount of wallet.booked has no asset or no owner",
        ]);
        (await _journal.Books.CountUnpostedAsync(Cancelled)).ShouldBe(5);
        (await _journal.VerifyAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Made_anew_from_the_same_events_it_has_the_same_entries()
    {
        var copy = new JournalFixture(database);
        await _journal.PostAsync([.. Enumerable.Range(1, 40).Select(ledger => ("wallet.booked", $"wal_{ledger % 3}", (object)Moves(ledger, Move("received", $"{ledger}"))))]);
        await _journal.RunAsync(
            """
            INSERT INTO events (xid, event_id, service_id, type, subject, owner, occurred_at, recorded_at, data)
            SELECT xid, event_id, $2, type, subject, owner, occurred_at, recorded_at, data
            FROM events WHERE service_id = $1 ORDER BY xid, id
            """,
            _journal.Service, copy.Service);
        await copy.CatchUpAsync(40);

        (await EntriesAsync(copy)).ShouldBe(await EntriesAsync(_journal));
        (await copy.VerifyAsync()).ShouldBeEmpty();
        // Nor is it ever emptied, as lists are.
        (await Should.ThrowAsync<PostgresException>(_journal.ResetAsync)).SqlState.ShouldBe("SP058");
        (await EntriesAsync(_journal)).Length.ShouldBe(40);
    }

    [Theory]
    [InlineData("UPDATE {0} SET ledger = 1")]
    [InlineData("DELETE FROM {0}")]
    [InlineData("TRUNCATE {0}")]
    public async Task No_entry_is_changed_or_removed_by_any_name(string sql)
    {
        await _journal.PostAsync(("wallet.booked", "wal_1", Moves(1, Move("received", "1"))));

        string[] partitions = await _journal.ListAsync("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'journal'::regclass");
        partitions.ShouldNotBeEmpty();
        foreach (var table in partitions.Append("journal"))
        {
            (await Should.ThrowAsync<PostgresException>(() => _journal.RunAsync(string.Format(null, sql, table))))
                .SqlState.ShouldBe(PostgresErrorCodes.RestrictViolation);
        }
    }

    [Fact]
    public async Task Nothing_is_posted_twice_or_out_of_balance_whoever_writes_it()
    {
        await _journal.PostAsync(("wallet.booked", "wal_1", Moves(1, Move("received", "1"))));
        const string Again =
            """
            INSERT INTO journal (
                service_id, day, number, xid, event_number, event_id, event_type, subject, at, lines, previous_hash, hash)
            SELECT service_id, day, number, xid, event_number + $2, event_id, event_type, subject, at, $3::jsonb, previous_hash, hash
            FROM journal WHERE service_id = $1
            """;

        (await Should.ThrowAsync<PostgresException>(() => _journal.RunAsync(Again, _journal.Service, 0L, "[]"))).SqlState.ShouldBe("SP058");
        (await Should.ThrowAsync<PostgresException>(() => _journal.RunAsync(
            Again, _journal.Service, 1L,
            """
            [{"account": "wallet", "owner": "w", "asset": "native", "stroops": 1}, {"account": "ledger", "owner": "w", "asset": "other", "stroops": -1}]
            """))).ConstraintName.ShouldBe("journal_is_balanced");
    }

    [Theory]
    [InlineData("UPDATE {0} SET lines = '[]' WHERE service_id = $1 AND number = 2", Broken, "event * says something else", "the balance of *")]
    [InlineData("UPDATE {0} SET at = at + interval '1 second' WHERE service_id = $1 AND number = 2", Broken, "event * says something else")]
    [InlineData("DELETE FROM {0} WHERE service_id = $1 AND number = 2", Broken, "event * is not posted", "the balance of *")]
    // Cut off at the end, which no chain can show.
    [InlineData("DELETE FROM {0} WHERE service_id = $1 AND number = 3", "event * is not posted", "the balance of *")]
    [InlineData("UPDATE journal_balances SET stroops = stroops + 1 WHERE service_id = $1 AND account = 'wallet' AND '{0}' <> ''", "the balance of *")]
    public async Task Whoever_switches_the_guards_off_and_tampers_is_found(string sql, params string[] found)
    {
        await _journal.PostAsync([.. Enumerable.Range(1, 3).Select(ledger => ("wallet.booked", "wal_1", (object)Moves(ledger, Move("received", "1"))))]);
        (await _journal.VerifyAsync()).ShouldBeEmpty();
        var table = (await _journal.ListAsync("SELECT tableoid::regclass::text FROM journal WHERE service_id = $1", _journal.Service))[0];

        await _journal.RunAsync($"ALTER TABLE {table} DISABLE TRIGGER USER");
        await _journal.RunAsync(string.Format(null, sql, table), _journal.Service);
        await _journal.RunAsync($"ALTER TABLE {table} ENABLE TRIGGER USER");

        var faults = await _journal.VerifyAsync();
        foreach (var pattern in found)
        {
            var parts = pattern.Split('*');
            faults.ShouldContain(fault => parts.All(part => fault.Contains(part, StringComparison.Ordinal)), string.Join("\n", faults));
        }

        faults.Select(Kind).Distinct().Count().ShouldBe(found.Length, string.Join("\n", faults));
    }

    [Fact]
    public async Task A_balance_of_a_past_time_is_what_ledgers_had_closed_by_then()
    {
        await _journal.PostAsync(
            ("wallet.booked", "wal_1", Moves(10, Move("received", "5"))),
            ("wallet.booked", "wal_1", Moves(20, Move("sent", "2", incoming: false))),
            // Taken in late: it had been parked.
            ("wallet.booked", "wal_1", Moves(15, Move("received", "1"))));

        (await OfWalletAsync(9)).ShouldBe(0);
        (await OfWalletAsync(10)).ShouldBe(50_000_000);
        (await OfWalletAsync(15)).ShouldBe(60_000_000);
        (await OfWalletAsync(20)).ShouldBe(40_000_000);
    }

    private static object Moves(long ledger, params object[] moves) => new { ledger, closedAt = CloseOf(ledger), moves };

    private static object Move(string kind, string amount, bool incoming = true) =>
        new Dictionary<string, object> { ["kind"] = kind, ["asset"] = "native", ["amount"] = amount, ["in"] = incoming };

    private static DateTimeOffset CloseOf(long ledger) => new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddSeconds(5 * ledger);

    // Without what is different in each: day, number, the ids of events and owners.
    private static string Kind(string fault) =>
        fault.Contains("breaks", StringComparison.Ordinal) ? "chain"
        : fault.Contains("balance", StringComparison.Ordinal) ? "balance"
        : fault.Contains("not posted", StringComparison.Ordinal) ? "missing" : "other";

    private async Task<long> OfWalletAsync(long ledger) =>
        (await _journal.Books.ReadBalancesAsync(CloseOf(ledger), "wal_1", Cancelled))
        .Where(balance => balance.Account == "wallet").Sum(balance => balance.Stroops);

    private Task<string[]> ProblemsAsync() => _journal.ListAsync(
        "SELECT concat_ws(' ', number, problem) FROM journal WHERE service_id = $1 AND problem IS NOT NULL ORDER BY day, number", _journal.Service);

    private static Task<string[]> EntriesAsync(JournalFixture journal) => journal.ListAsync(
        """
        SELECT concat_ws(' ', day, number, event_id, event_type, subject, ledger, at, lines, problem)
        FROM journal WHERE service_id = $1 ORDER BY day, number
        """,
        journal.Service);
}
