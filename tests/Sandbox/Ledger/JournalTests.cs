using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

public sealed class JournalTests
{
    private readonly TestLedger _ledger = new TestLedger().Create("alice");

    [Fact]
    public void Rolling_back_restores_entries_indexes_and_header()
    {
        var state = _ledger.State;
        var usd = _ledger.Asset("USD", "root");
        var alice = _ledger.Account("alice");
        var header = state.Header;
        var mark = state.Mark();

        state.Put(alice with { Balance = 1 });
        state.Put(new TrustLine { Account = alice.Id, Asset = usd, Limit = 10 });
        state.Put(Offer(alice, usd, 7));
        state.Put(new NamedData { Account = alice.Id, Name = "name", Value = [1] });
        state.Header = header with { IdPool = 7 };
        state.Erase(state.Account(alice.Id)!);
        state.RollBackTo(mark);

        state.Account(alice.Id).ShouldBe(alice);
        state.TrustLinesOf(alice.Id).ShouldBeEmpty();
        state.OffersOf(alice.Id).ShouldBeEmpty();
        state.DataEntriesOf(alice.Id).ShouldBeEmpty();
        state.OrderBook.Best(usd, Asset.Native).ShouldBeNull();
        state.Header.ShouldBe(header);
        state.ChangesSince(mark).ShouldBeEmpty();
    }

    [Fact]
    public void Changes_name_each_entry_once_with_its_first_and_its_last_image()
    {
        var state = _ledger.State;
        var alice = _ledger.Account("alice");
        var data = new NamedData { Account = alice.Id, Name = "name", Value = [1] };
        var mark = state.Mark();

        state.Put(alice with { Balance = 1 });
        state.Put(data);
        state.Put(alice with { Balance = 2 });
        state.Erase(data);

        var change = state.ChangesSince(mark).ShouldHaveSingleItem();
        change.Before.ShouldBe(alice);
        change.After.ShouldBe(state.Account(alice.Id));
    }

    [Fact]
    public void Each_operation_of_a_transaction_knows_what_it_changed()
    {
        _ledger.Create("bob");
        var alice = _ledger.Account("alice");

        var applied = _ledger.Succeed(
            "alice",
            new PaymentOperation(_ledger.Id("bob"), Asset.Native, 5),
            new ManageDataOperation("name", [1]));

        applied.FeeChanges.ShouldHaveSingleItem().Before.ShouldBe(alice);
        applied.ChangesBefore.ShouldHaveSingleItem().After.ShouldBeOfType<Account>()
            .Sequence.ShouldBe(alice.Sequence + 1);
        applied.OperationChanges[0].Select(change => change.After).ShouldAllBe(entry => entry is Account);
        applied.OperationChanges[0].Count.ShouldBe(2);
        applied.OperationChanges[1].Single(change => change.Before is null).After.ShouldBeOfType<NamedData>();
        TransactionMeta.FromXdr(applied.ToMeta().ToXdr()).ShouldBe(applied.ToMeta());
    }

    [Fact]
    public void The_headers_form_a_chain_of_hashes()
    {
        var first = _ledger.Close();
        var second = _ledger.Close();

        first.Hash.ShouldBe(new Hash(System.Security.Cryptography.SHA256.HashData(first.Header.ToXdr())));
        second.Header.PreviousHash.ShouldBe(first.Hash);
        second.Header.Sequence.ShouldBe(first.Header.Sequence + 1);
        new LedgerCloser(_ledger.State).LastHash.ShouldBe(second.Hash);
    }

    [Fact]
    public void A_ledger_that_cannot_close_leaves_everything_as_it_was()
    {
        _ledger.Create("bob");
        var payment = new PaymentOperation(_ledger.Id("bob"), Asset.Native, 5);
        var good = _ledger.Signed(_ledger.Transaction("alice", payment), "alice");
        var orphan = _ledger.Signed(good.Transaction with { Source = _ledger.Id("nobody") }, "nobody");
        var (alice, header, hash) = (_ledger.Account("alice"), _ledger.State.Header, _ledger.Closer.LastHash);

        Should.Throw<LedgerFault>(() => _ledger.Closer.Close(
            header.CloseTime + 5, new TransactionSet([good, orphan], header.BaseFee)));

        _ledger.Account("alice").ShouldBe(alice);
        _ledger.State.Header.ShouldBe(header);
        _ledger.Closer.LastHash.ShouldBe(hash);
        _ledger.Apply(good).IsSuccess.ShouldBeTrue();
    }

    private static Offer Offer(Account seller, Asset selling, long id) => new()
    {
        Seller = seller.Id,
        Id = id,
        Selling = selling,
        Buying = Asset.Native,
        Amount = 1,
        Price = new Price(1, 1),
    };
}
