using StellarPay.Grains.Books;
using StellarPay.Grains.Network;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Books;

/// <summary>What is said to differ does, and nothing that one account or one answer spoils keeps others from being compared.</summary>
public sealed class ReconciliationTests
{
    private const string Native = "native";
    private const string Dollar = "USDC:GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";
    private const string Euro = "EURC:GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly TestClock _clock = new();
    private readonly MemoryBooks _books = new();
    private readonly Dictionary<string, Func<NetworkAccount?>> _chain = new(StringComparer.Ordinal);
    private long _latest = 100;
    private long _perLook;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_that_cannot_be_read_is_told_and_the_others_are_compared()
    {
        Book("A", (Native, 5));
        Book("B", (Native, 6));
        Book("C", (Native, 7));
        _chain["A"] = () => Account(5);
        _chain["B"] = () => throw new NetworkUnavailableException("Horizon answered 500.");
        _chain["C"] = () => Account(8);

        var compared = await CompareAsync("A", "B", "C");

        compared.Select(one => (one.Address, one.Unclear, one.Differences.Count)).ShouldBe(
            [("A", null, 0), ("B", "it could not be read: Horizon answered 500.", 0), ("C", null, 1)]);
        compared[1].Left.ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_is_compared_with_what_is_older_than_the_books()
    {
        Book("A", (Native, 5));
        _chain["A"] = () => Account(4);
        _latest = 99;

        var compared = (await CompareAsync("A")).ShouldHaveSingleItem();
        (compared.Unclear, compared.Differences.Count, compared.Left).ShouldBe((AccountComparison.Late, 0, null));
    }

    [Fact]
    public async Task What_is_not_there_any_more_differs_only_when_the_books_are_as_new_as_its_end()
    {
        // Its trustline was removed, and B merged, in a ledger that the books have not read yet.
        Book("A", (Native, 5), (Dollar, 3));
        Book("B", (Native, 5));
        _chain["A"] = () => Account(5);
        _chain["B"] = () => null;
        _latest = 103;

        var compared = await CompareAsync("A", "B");
        compared.Select(one => (one.Unclear, one.Differences.Count)).ShouldBe([(AccountComparison.Moved, 0), (AccountComparison.Moved, 0)]);
        compared[0].Left.ShouldBe([Dollar]);

        // The books come after it, and still say that it has something.
        _books.Ledger = 102;
        _perLook = 1;
        (await CompareAsync("A", "B")).Select(one => (one.Unclear, string.Join(' ', one.Differences.Select(each => each.Asset)))).ShouldBe(
            [(null, Dollar), (null, Native)]);
    }

    [Fact]
    public async Task Of_what_is_compared_it_is_said_of_which_assets_it_could_not_be()
    {
        Book("A", (Native, 5), (Dollar, 3), (Euro, 1));
        _chain["A"] = () => Account(5, new NetworkTrustline(Dollar, 2, long.MaxValue, 0, true, 7), new NetworkTrustline(Euro, 9, long.MaxValue, 0, true, 101));
        _latest = 101;

        var compared = (await CompareAsync("A")).ShouldHaveSingleItem();

        compared.Differences.ShouldBe([new BookDifference(Dollar, 2, 3)]);
        (compared.Unclear, string.Join(' ', compared.Left!)).ShouldBe((AccountComparison.Moved, Euro));
    }

    private static NetworkAccount Account(long native, params NetworkTrustline[] lines) =>
        new(1, native, 0, lines, MemoRequired: false, LastModifiedLedger: 7);

    private void Book(string address, params (string Asset, long Stroops)[] posted) => _books.Accounts[address] = new BookedAccount(
        address, $"wal_{address}", posted.ToDictionary(one => one.Asset, one => one.Stroops), [], IsBehind: false);

    private async Task<IReadOnlyList<AccountComparison>> CompareAsync(params string[] addresses)
    {
        var reconciliation = new Reconciliation(
            _books, (address, _) => Task.FromResult(_chain[address]()), _ => Task.FromResult(_latest), _clock);
        var comparing = reconciliation.CompareAsync(addresses, Cancelled);
        while (await Task.WhenAny(comparing, _clock.WaitForTimerAsync(Pause)) != comparing)
        {
            _books.Ledger = Math.Max(_books.Ledger, Math.Min(_latest, _books.Ledger + _perLook));
            _clock.Advance(Pause);
        }

        return await comparing;
    }

    private sealed class MemoryBooks : IBooks
    {
        public long Ledger { get; set; } = 100;

        public Dictionary<string, BookedAccount> Accounts { get; } = new(StringComparer.Ordinal);

        public Task<BooksView> ReadAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellationToken) =>
            Task.FromResult(new BooksView(Ledger, [.. addresses.Select(address => Accounts[address])]));

        public Task<IReadOnlyList<string>> ListAsync(string after, int limit, CancellationToken cancellationToken) => throw Unused();

        public Task<IReadOnlyList<BookBalance>> ReadBalancesAsync(DateTimeOffset at, string? owner, CancellationToken cancellationToken) =>
            throw Unused();

        public Task<IReadOnlyList<string>> VerifyAsync(CancellationToken cancellationToken) => throw Unused();

        public Task<long> CountUnpostedAsync(CancellationToken cancellationToken) => throw Unused();

        public Task<BooksTurn?> TakeAsync(BooksQuota quota, CancellationToken cancellationToken) => throw Unused();

        public Task<bool> RenewAsync(Guid token, CancellationToken cancellationToken) => throw Unused();

        public Task EndAsync(Guid token, string? walkedTo, CancellationToken cancellationToken) => throw Unused();

        public Task<long?> NoteAsync(Guid token, AccountComparison comparison, CancellationToken cancellationToken) => throw Unused();

        public Task ForgetAsync(Guid token, IReadOnlyCollection<string> addresses, CancellationToken cancellationToken) => throw Unused();

        private static NotSupportedException Unused() => new("No comparison asks this.");
    }
}
