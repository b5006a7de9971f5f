using Microsoft.Extensions.Logging.Abstractions;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Network;

public sealed class InboxDrainTests
{
    private readonly Owner _owner = new();
    private readonly MemoryStorage _inbox = new();

    private InboxDrain Drain => field ??= new InboxDrain(
        new LedgerOwner("wallet", "wal_1"), _owner, new OneRow(_inbox), new FakeNetwork(), TimeProvider.System, NullLogger.Instance);

    [Fact]
    public async Task What_fails_while_a_row_is_taken_in_and_may_pass_leaves_the_row_to_be_taken_in_later()
    {
        _owner.Fails = new TimeoutException("Something was away.");

        await Should.ThrowAsync<TimeoutException>(() => Drain.StepAsync());
        (_owner.Rereads, _owner.Inbox.Drained, _owner.Inbox.Inbox).ShouldBe((1, default, null));

        _owner.Fails = null;
        await Drain.StepAsync();
        _owner.Taken.ShouldBe([OneRow.Place]);
    }

    [Fact]
    public async Task A_row_that_its_owner_does_not_know_enough_about_stays_where_it_is_until_it_does()
    {
        _owner.KnowsEnough = false;

        (await Drain.StepAsync()).ShouldBeTrue();
        (await Drain.RetryAsync(OneRow.Place.Token, Identifiers.UserId.New(TimeProvider.System))).Error!.Code
            .ShouldBe("parked_operation_too_soon");
        (_owner.Taken.Count, _owner.Writes).ShouldBe((0, 0));

        _owner.KnowsEnough = true;
        await Drain.StepAsync();
        (_owner.Taken.Count, _owner.Writes).ShouldBe((1, 1));
    }

    private sealed class State : IInboxState
    {
        public LedgerPlace Drained { get; set; }

        public InboxMarks? Inbox { get; set; }
    }

    private sealed class Owner : IInboxOwner
    {
        public Exception? Fails { get; set; }

        public bool KnowsEnough { get; set; } = true;

        public int Rereads { get; private set; }

        public int Writes { get; private set; }

        public List<LedgerPlace> Taken { get; } = [];

        public IInboxState Inbox { get; private set; } = new State();

        public int EventCount => 0;

        public bool Knows(LedgerPlace place) => KnowsEnough;

        public void Take(LedgerEntry entry)
        {
            if (Fails is { } fails)
            {
                throw fails;
            }

            Taken.Add(entry.Place);
        }

        public Task SaveAsync(IReadOnlyList<LedgerEntry> taken)
        {
            Writes++;
            return Task.CompletedTask;
        }

        public Task RereadAsync()
        {
            Rereads++;
            Inbox = new State();
            return Task.CompletedTask;
        }
    }

    // An inbox that holds one row for whoever asks.
    private sealed class OneRow(ILedgerInbox other) : ILedgerInbox
    {
        public static readonly LedgerPlace Place = new((7L << 32) | 4097, 0);

        private static readonly LedgerEntry Entry = new(Place, Movement: new LedgerOperation(
            Place.Token, "hash", null, true, "payment", "GA", "GB", new Amount(Asset.Native, 1), null, 7, DateTimeOffset.UnixEpoch));

        public Task<InboxPage> ReadAsync(LedgerOwner owner, int limit, CancellationToken cancellationToken) =>
            Task.FromResult(new InboxPage(null, [Entry], More: false));

        public Task<IReadOnlyList<LedgerEntry>> ReadParkedAsync(LedgerOwner owner, long token, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<LedgerEntry>>([Entry]);

        public Task<IReadOnlyList<OwnerRow>> ReadRowsAsync(
            LedgerOwner owner, LedgerPlace drained, int limit, CancellationToken cancellationToken) =>
            other.ReadRowsAsync(owner, drained, limit, cancellationToken);

        public bool IsNumberTaken(Exception writeFailure) => other.IsNumberTaken(writeFailure);

        public Task<LedgerWatermark?> GetWatermarkAsync(CancellationToken cancellationToken) => other.GetWatermarkAsync(cancellationToken);

        public Task<IReadOnlyList<LedgerOwner>?> DeliverAsync(LedgerDelivery delivery, CancellationToken cancellationToken) =>
            other.DeliverAsync(delivery, cancellationToken);

        public Task<OutcomeView> FindOutcomeAsync(
            string source, IReadOnlyCollection<string> hashes, CancellationToken cancellationToken) =>
            other.FindOutcomeAsync(source, hashes, cancellationToken);

        public Task<IReadOnlyDictionary<string, LedgerOwner>> FindOwnersAsync(
            IReadOnlyCollection<string> addresses, CancellationToken cancellationToken) =>
            other.FindOwnersAsync(addresses, cancellationToken);

        public Task<WaitingOwners> FindWaitingAsync(
            WaitingQuery query, LedgerOwner? after, int limit, CancellationToken cancellationToken) =>
            other.FindWaitingAsync(query, after, limit, cancellationToken);

        public Task<int> HoldAsync(LedgerOwner owner, string error, CancellationToken cancellationToken) =>
            other.HoldAsync(owner, error, cancellationToken);
    }
}
