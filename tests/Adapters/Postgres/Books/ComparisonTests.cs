using System.Text;
using StellarPay.Grains.Books;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Books;

/// <summary>Whoever compares forgets no account, whatever others do to others, and nobody notes what another's turn found.</summary>
public sealed class ComparisonTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly BooksQuota Quota = new(Entries: 100, Accounts: 3, Walk: 2, Seconds: 5);

    private readonly JournalFixture _journal = new(database);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accounts_that_are_touched_keep_none_from_the_walk_and_each_is_taken_until_it_was_compared()
    {
        var addresses = Enumerable.Range(1, 9).Select(number => $"G{number}").ToArray();
        await OwnAsync(addresses);
        // A stranger touches eight of them.
        await TouchAsync(addresses[..8]);

        var (walked, compared) = (new List<string>(), new List<string>());
        for (var round = 0; round < 10; round++)
        {
            var turn = await TakeAsync();
            turn.Accounts.Count.ShouldBeLessThanOrEqualTo(3);
            turn.Walk.Count.ShouldBeLessThanOrEqualTo(2);
            walked.AddRange(turn.Walk);
            foreach (var address in turn.Accounts.Concat(turn.Walk))
            {
                (await NoteAsync(turn.Token, address)).ShouldBe(0);
                compared.Add(address);
            }

            await _journal.Books.EndAsync(turn.Token, turn.Walk.Count > 0 ? turn.Walk[^1] : null, Cancelled);
        }

        walked.ShouldBe(addresses);
        compared.Distinct().Order().ShouldBe(addresses);
        (await UncomparedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_taken_and_not_compared_is_taken_again()
    {
        await OwnAsync("G1", "G2", "G3");
        await TouchAsync("G1");
        var turn = await TakeAsync();
        turn.Accounts.ShouldBeEmpty();
        turn.Walk.ShouldBe(["G1", "G2"]);
        await _journal.Books.EndAsync(turn.Token, null, Cancelled);

        var again = await TakeAsync();
        again.Walk.ShouldBe(["G1", "G2"]);
        await NoteAsync(again.Token, "G1");
        await _journal.Books.EndAsync(again.Token, "G2", Cancelled);

        (await TakeAsync()).Walk.ShouldBe(["G3"]);
        (await UncomparedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_turn_is_one_process_s_until_its_time_is_over_and_then_it_notes_and_ends_nothing_any_more()
    {
        await OwnAsync("G1", "G2", "G3");
        var first = await TakeAsync();
        (await _journal.Books.TakeAsync(Quota, Cancelled)).ShouldBeNull();
        (await _journal.Books.RenewAsync(first.Token, Cancelled)).ShouldBeTrue();
        await _journal.RunAsync("UPDATE book_comparisons SET taken_until = clock_timestamp() WHERE service_id = $1", _journal.Service);
        var second = await TakeAsync();

        (await _journal.Books.RenewAsync(first.Token, Cancelled)).ShouldBeFalse();
        (await NoteAsync(first.Token, "G1", "native")).ShouldBeNull();
        await _journal.Books.EndAsync(first.Token, "G2", Cancelled);

        (await DifferencesAsync()).ShouldBeEmpty();
        (await _journal.Books.TakeAsync(Quota, Cancelled)).ShouldBeNull();
        (await NoteAsync(second.Token, "G1", "native")).ShouldBe(1);
        second.Walk.ShouldBe(["G1", "G2"]);
    }

    [Fact]
    public async Task Whoever_is_touched_while_he_could_not_be_told_is_looked_at_at_once_and_the_first_time_stays()
    {
        await OwnAsync("G1");
        await TouchAsync("G1");
        var turn = await TakeAsync();
        await _journal.Books.NoteAsync(turn.Token, Comparison("G1", [], left: null, AccountComparison.Behind), Cancelled);
        await _journal.Books.EndAsync(turn.Token, "G1", Cancelled);
        (await UncomparedAsync()).ShouldBe([$"G1 1 {AccountComparison.Behind}"]);
        var later = await TakeAsync();
        later.Accounts.ShouldBeEmpty();
        await _journal.Books.EndAsync(later.Token, null, Cancelled);
        await _journal.RunAsync("UPDATE book_uncompared SET since = since - interval '1 hour' WHERE service_id = $1", _journal.Service);

        await TouchAsync("G1");
        (await TakeAsync()).Accounts.ShouldBe(["G1"]);
        (await _journal.ListAsync("SELECT (age > interval '1 hour') || ' ' || address FROM book_uncompared_oldest($1)", _journal.Service))
            .ShouldBe(["true G1"]);
    }

    [Fact]
    public async Task A_difference_is_over_only_where_that_asset_was_compared()
    {
        await OwnAsync("G1");
        var turn = await TakeAsync();
        (await NoteAsync(turn.Token, "G1", "native", "USDC:G", "EURC:G")).ShouldBe(3);

        await _journal.Books.NoteAsync(turn.Token, Comparison("G1", ["EURC:G"], ["USDC:G"], AccountComparison.Moved), Cancelled);
        (await DifferencesAsync()).ShouldBe(["EURC:G", "USDC:G"]);
        await _journal.Books.NoteAsync(turn.Token, Comparison("G1", [], left: null, AccountComparison.Unread), Cancelled);
        (await DifferencesAsync()).ShouldBe(["EURC:G", "USDC:G"]);
        (await NoteAsync(turn.Token, "G1")).ShouldBe(0);
        (await DifferencesAsync()).ShouldBeEmpty();
        (await UncomparedAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("parked", 1)]
    [InlineData("applied", 0)]
    [InlineData("closed", 0)]
    public async Task What_an_operator_closed_exempts_no_account_any_more(string status, int waiting)
    {
        await OwnAsync("G1");
        await _journal.RunAsync("SELECT ledger_partitions_ensure(0, 0)");
        await _journal.RunAsync(
            "INSERT INTO ledger_movements (service_id, token, number, kind, readers, content) VALUES ($1, 7, 0, 'outcome', '{}', $2)",
            _journal.Service, Encoding.UTF8.GetBytes("{}"));
        await _journal.RunAsync(
            """
            INSERT INTO ledger_parked (service_id, owner_kind, owner_key, token, number, error, attempts, status, parked_at)
            VALUES ($1, 'wallet', 'wal_G1', 7, 0, 'x', 1, $2, now())
            """,
            _journal.Service, status);

        (await _journal.ListAsync("SELECT address FROM books_waiting($1, $2)", _journal.Service, new[] { "G1" })).Length.ShouldBe(waiting);
    }

    private async Task OwnAsync(params string[] addresses)
    {
        foreach (var address in addresses)
        {
            await _journal.RunAsync(
                "INSERT INTO ledger_addresses (service_id, address, owner_kind, owner_key) VALUES ($1, $2, 'wallet', 'wal_' || $2)",
                _journal.Service, address);
        }
    }

    private Task TouchAsync(params string[] addresses) => _journal.PostAsync([.. addresses.Select((address, ledger) => (
        "wallet.booked", $"wal_{address}",
        (object)new
        {
            ledger, closedAt = DateTimeOffset.UnixEpoch,
            moves = new[] { new Dictionary<string, object> { ["kind"] = "received", ["asset"] = "native", ["amount"] = "1", ["in"] = true } },
        }))]);

    private async Task<BooksTurn> TakeAsync() => (await _journal.Books.TakeAsync(Quota, Cancelled)).ShouldNotBeNull();

    private Task<long?> NoteAsync(Guid token, string address, params string[] differing) =>
        _journal.Books.NoteAsync(token, Comparison(address, differing, [], unclear: null), Cancelled);

    private static AccountComparison Comparison(string address, string[] differing, string[]? left, string? unclear) =>
        new(address, $"wal_{address}", 7, [.. differing.Select(asset => new BookDifference(asset, 1, 2))], left, unclear);

    private Task<string[]> UncomparedAsync() => _journal.ListAsync(
        "SELECT concat_ws(' ', address, attempts, unclear) FROM book_uncompared WHERE service_id = $1 ORDER BY address", _journal.Service);

    private Task<string[]> DifferencesAsync() => _journal.ListAsync(
        "SELECT asset FROM book_differences WHERE service_id = $1 ORDER BY asset", _journal.Service);
}
