using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Network;

/// <summary>What strangers write on the ledger costs no question, and what is ours so many a batch at most.</summary>
public sealed class LedgerRouterTests
{
    private static readonly LedgerMark Seventh = new(7, "seventh", "sixth", DateTimeOffset.UnixEpoch);

    private readonly FakeNetwork _network = new();
    private readonly MemoryStorage _storage = new();
    private readonly string _ours = FakeNetwork.NewAddress();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_that_cannot_be_read_are_asked_about_once_a_transaction_and_only_where_they_name_somebody_of_ours()
    {
        var stranger = FakeNetwork.NewAddress();

        var delivery = await RouteAsync(
        [
            New(transaction: 1, operation: 1, stranger),
            New(transaction: 2, operation: 1, _ours), New(transaction: 2, operation: 2, _ours) with { Number = 3 },
            New(transaction: 2, operation: 2, _ours) with { Number = 4 },
            New(transaction: 3, operation: 1, _ours) with { Kind = UnreadKind.Unexplained },
        ]);

        _network.TransactionsAsked.ShouldBe([New(transaction: 2, operation: 1, _ours).PagingToken]);
        delivery.Entries.Count(entry => entry.Unread is not null).ShouldBe(5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_asks_so_many_questions_at_most_and_keeps_the_rest_as_it_is(bool answered)
    {
        _network.KnowsNothingOfOne = !answered;
        UnreadOperation[] lines = [.. Enumerable.Range(1, 5 * BatchQuestions.Most).Select(each => New(each, 1, _ours))];

        var delivery = await RouteAsync(lines);

        _network.TransactionsAsked.Count.ShouldBe(BatchQuestions.Most);
        delivery.Entries.Select(entry => entry.Unread!.PagingToken).ShouldBe(lines.Select(line => line.PagingToken));
    }

    private async Task<LedgerDelivery> RouteAsync(UnreadOperation[] unread)
    {
        await OwnAsync();
        var router = new LedgerRouter(_network, _storage.Balances, _storage, TimeProvider.System);
        return await router.RouteAsync(
            new LedgerBatch([Seventh], [], [], unread, Seventh), from: null, new Dictionary<long, string>(), Cancelled);
    }

    // An account of ours, as a wallet's first write says.
    private async Task OwnAsync()
    {
        var state = new GrainState<OwnerState>(new OwnerState
        {
            Inbox = new InboxMarks { Addresses = [new AddressMark(_ours)] },
        });
        await _storage.WriteStateAsync("wallet", GrainId.Create("wallet", "wal_1"), state);
    }

    private static UnreadOperation New(int transaction, int operation, string account) => new(
        (7L << 32) | ((long)transaction << 12) | (uint)operation, 7, "hash", UnreadKind.Unreadable, "{}", "It is gibberish.", [account]);

    internal sealed class OwnerState
    {
        public InboxMarks? Inbox { get; set; }
    }
}
