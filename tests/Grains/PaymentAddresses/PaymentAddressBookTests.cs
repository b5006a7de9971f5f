using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;

namespace StellarPay.Grains.Tests.PaymentAddresses;

/// <summary>What an account of a session's own keeps of what came, and what of it goes on when.</summary>
public sealed partial class PaymentAddressBookTests
{
    private const long Unit = 10_000_000;
    private const string Address = "GA", Shop = "GSHOP", Native = "native";
    private const string Usdc = "USDC:GBBD47IF6LWK7P7MDEVSCWR7DPUWV3NY3DTQEVFL4NAT4AQH3ZLLFLA5";
    private static readonly DateTimeOffset End = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset InTime = End.AddMinutes(-5), Late = End.AddMinutes(5);

    private readonly PaymentAddressState _state = new()
    {
        Key = new EncryptedSeed(Address, 1, "k", [], [], []), Status = PaymentAddressStatus.Open, PaysTo = Shop, ExpiresAt = End,
        Enough = { [Usdc] = 10 * Unit },
    };

    private readonly AddressBook _book;
    private long _ledger = 100;

    public PaymentAddressBookTests() => _book = new AddressBook("pay_1", _state);

    [Fact]
    public void What_came_in_time_and_what_did_not_are_never_one_sum()
    {
        Come(Usdc, 1, "GX", InTime);
        Come(Usdc, 2, "GY", Late);
        Come(Usdc, 4, "GZ", InTime.AddMinutes(-1));

        _state.Receipts.Select(each => (each.Stroops, each.ClosedAt, each.From)).ShouldBe(
            [(5L, InTime, (string?)null), (2L, Late, null)]);
    }

    [Fact]
    public void What_the_network_holds_back_is_of_what_names_nobody_and_then_of_the_most()
    {
        Come(Native, 5 * Unit, "GBIG", Late);
        Come(Native, 2 * Unit, "GSMALL", Late);
        Come(Native, 1, "GSTRANGER", Late);

        var parts = AddressWorth.Parts([.. _state.Receipts], spendable: (6 * Unit) + 1);

        parts.Select(part => (part.Receipt.From, part.Stroops)).ShouldBe([("GBIG", (4 * Unit) + 1), ("GSMALL", 2 * Unit)]);
    }

    [Fact]
    public void What_goes_with_the_account_is_of_whoever_sent_at_least_half_of_it()
    {
        _state.Status = PaymentAddressStatus.Closed;
        Create(5 * Unit, "GBIG");
        SignAll("h", pays: true);
        // In the moment in which the account is given up.
        Come(Native, 1, "GSTRANGER", Late);

        Leave("h", 1, "payment", 4 * Unit);
        Leave("h", 2, "account_merge", Unit + 1);

        Told().Select(each => (each.From, each.Stroops)).ShouldBe([("GBIG", 4 * Unit), ("GBIG", Unit + 1)]);
        (_state.Receipts.Count, _state.HasAccount, _state.Balances[Native]).ShouldBe((0, false, 0));
        _book.Worth.IsBehind.ShouldBeFalse();
    }

    [Fact]
    public void What_is_mostly_a_strangers_names_nobody()
    {
        Create(Unit, "GBIG");
        SignAll("h", pays: false);
        Come(Native, 3 * Unit, null, Late);

        Leave("h", 1, "account_merge", 4 * Unit);

        Told().ShouldHaveSingleItem().From.ShouldBeNull();
    }

    [Fact]
    public void Who_sends_as_much_in_the_moment_of_the_end_does_not_take_anothers_name_away_and_put_his_own()
    {
        Create(Unit, "GBIG");
        SignAll("h", pays: false);
        Come(Native, Unit + 1, "GTHIEF", Late);

        Leave("h", 1, "account_merge", (2 * Unit) + 1);

        Told().ShouldHaveSingleItem().From.ShouldBeNull("who is named has all of it back");
    }

    [Fact]
    public void What_came_in_time_in_the_moment_of_the_end_came_in_time_though_it_names_nobody()
    {
        Come(Native, 3 * Unit, "GX", InTime.AddMinutes(-1));
        Come(Native, 3 * Unit, "GY", InTime);
        SignAll("h", pays: false);

        Leave("h", 1, "account_merge", 6 * Unit);

        var told = Told().ShouldHaveSingleItem();
        (told.From, told.ClosedAt, told.Stroops).ShouldBe((null, InTime, 6 * Unit));
    }

    [Fact]
    public void Who_pays_while_fifty_of_a_strangers_are_on_their_way_is_kept_with_his_name()
    {
        for (var number = 0; number < AddressBook.MostReceipts; number++)
        {
            Come(Usdc, Unit / 10, "GSTRANGER", InTime);
        }

        SignAll("h", pays: true);
        Come(Usdc, 10 * Unit, "GX", InTime);

        _state.Receipts.Where(each => each.Sweep is null).ShouldHaveSingleItem().From.ShouldBe("GX");
    }

    [Fact]
    public void Of_what_is_worth_no_operation_the_sum_goes_and_of_what_completes_the_price_who_sent_it()
    {
        Come(Usdc, (Unit / 10) - 1, "GSTRANGER", InTime);
        Come(Usdc, (Unit / 10) - 1, "GSTRANGER", InTime);
        Come(Native, AddressWorth.LeastXlm - 1, "GSTRANGER", InTime);
        Come(Native, AddressWorth.LeastXlm, "GY", InTime);
        _book.Learn(new() { [Usdc] = Unit / 20 });
        Come(Usdc, Unit / 20, "GX", InTime);

        _state.Receipts.Select(each => (each.Asset, each.Stroops, each.From)).ShouldBe(
        [
            (Usdc, (Unit / 5) - 2, null), (Native, AddressWorth.LeastXlm - 1, null), (Native, AddressWorth.LeastXlm, "GY"),
            (Usdc, Unit / 20, "GX"),
        ]);
    }

    [Fact]
    public void What_an_issuer_took_back_has_paid_nothing_and_keeps_the_account_open()
    {
        Come(Usdc, 10 * Unit, "GX", InTime);
        _book.Worth.IsClosing(InTime).ShouldBeTrue();

        var taken = Movement("clawback", Address, "GISSUER", Usdc, 10 * Unit, InTime);
        _book.Take(new LedgerPlace(taken.PagingToken, 0), taken);

        (_book.Worth.IsClosing(InTime), _state.Receipts.Count).ShouldBe((false, 0));
    }

    [Fact]
    public void What_was_paid_by_a_row_that_is_read_after_the_end_is_of_who_sent_it()
    {
        Create(5 * Unit, "GBIG");
        SignAll("h", pays: true);
        var parked = Movement("payment", Address, Shop, Native, 4 * Unit, Late, "h", 1);
        Leave("h", 2, "account_merge", Unit);

        _book.Take(new LedgerPlace(parked.PagingToken, 0), parked);

        Told().Select(each => (each.From, each.Stroops)).ShouldBe([(null, Unit), ("GBIG", 4 * Unit)]);
        (_state.Receipts.Count, _state.Balances[Native]).ShouldBe((0, 0));
    }

    [Fact]
    public void What_was_paid_in_the_sessions_name_is_told_though_nobody_knows_what_it_was()
    {
        var paid = Movement("payment", Address, Shop, Usdc, 3 * Unit, Late) with { Memo = "pay_1" };

        _book.Take(new LedgerPlace(paid.PagingToken, 0), paid);

        var told = Told().ShouldHaveSingleItem();
        (told.From, told.Stroops, told.Asset).ShouldBe((null, 3 * Unit, Usdc));
    }

    [Fact]
    public void Xlm_beside_what_the_merchant_cannot_take_goes_where_it_is_worth_it()
    {
        Come(Usdc, 5 * Unit, "GX", InTime);
        _book.Block(Usdc, InTime);
        Come(Native, 1, "GSTRANGER", InTime);
        _book.Worth.CanClose(InTime).ShouldBeFalse();

        Come(Native, AddressWorth.LeastXlm, "GY", InTime);
        _book.Worth.CanClose(InTime).ShouldBeTrue();
        _book.Worth.IsMuch.ShouldBeFalse("what is tried again and again is no payer's of this day");
    }

    [Fact]
    public void What_was_handed_over_is_missing_no_more()
    {
        _book.Learn(new() { [Usdc] = Unit / 20 });
        Come(Usdc, Unit / 20, "GX", InTime);
        _book.Worth.IsMuch.ShouldBeTrue();
        (_state.Receipts[0].Sweep, _state.Receipts[0].Index) = ("h", 0);
        Leave("h", 1, "payment", Unit / 20, Usdc);

        Come(Usdc, Unit / 20, "GSTRANGER", InTime);

        (_book.Worth.IsWorth(InTime), _book.Worth.IsMuch).ShouldBe((false, false));
    }

    [Fact]
    public void A_strangers_stroop_does_not_go_before_what_the_merchant_could_not_take_when_its_time_has_come()
    {
        _state.Enough[Native] = 50 * Unit;
        Come(Usdc, 5 * Unit, "GX", InTime);
        _book.Block(Usdc, InTime);
        Come(Native, 1, "GSTRANGER", InTime);

        _book.Worth.Next(isClosing: true, InTime).ShouldHaveSingleItem().Asset.ShouldBe(Native);
        _book.Worth.Next(isClosing: true, InTime.AddSeconds(10)).ShouldHaveSingleItem().Asset.ShouldBe(Usdc);
        Come(Native, 25 * Unit, "GY", InTime);
        _book.Worth.Next(isClosing: true, InTime.AddSeconds(10)).ShouldAllBe(each => each.Asset == Native);
    }

    [Fact]
    public void What_strangers_sent_and_is_put_off_to_tomorrow_nobody_waits_for_and_what_a_payer_sends_everybody()
    {
        Come(Usdc, Unit, "GSTRANGER", InTime);
        _state.IsPastEnd = true;
        (_book.Worth.Awaits, _book.Worth.IsRead).ShouldBe((true, false));
        _state.LittleAfter = InTime.AddHours(1);

        (_book.Worth.Awaits, _book.Worth.IsRead).ShouldBe((false, true));
        Come(Usdc, 5 * Unit, "GX", InTime);
        _state.Failures = 100;
        (_book.Worth.Awaits, _book.Worth.IsRead).ShouldBe((true, false));
    }

    [Fact]
    public void What_is_taken_in_after_the_account_took_it_along_waits_for_nothing()
    {
        Create(Unit, "GBIG");
        SignAll("h", pays: false);
        var parked = Movement("payment", "GX", Address, Native, 2 * Unit, Late);
        Leave("h", 1, "account_merge", 3 * Unit);

        _book.Take(new LedgerPlace(parked.PagingToken, 0), parked);

        (_state.Receipts.Count, _state.Balances[Native]).ShouldBe((0, 0));
    }

    [Fact]
    public void An_end_that_is_taken_in_after_the_account_was_created_again_ends_what_was_before()
    {
        Create(Unit, "GBIG");
        SignAll("h", pays: false);
        var parked = Movement("account_merge", Address, Shop, Native, Unit, Late, "h", 1);
        Create(3 * Unit, "GAGAIN");
        _book.Take(new LedgerPlace(parked.PagingToken, 0), parked);

        _state.HasAccount.ShouldBeTrue();
        _state.Receipts.ShouldHaveSingleItem().From.ShouldBe("GAGAIN");
        Told().ShouldHaveSingleItem().From.ShouldBe("GBIG");
    }

    [Fact]
    public void A_strangers_little_is_not_waited_for_and_what_is_worth_it_is()
    {
        Come(Usdc, 1_000, "GX", InTime);
        Come(Native, 100 * Unit, "GX", InTime);
        (_book.Worth.Awaits, _book.Worth.IsWorth(InTime)).ShouldBe((false, false));

        Come(Usdc, Unit / 10, "GX", InTime);
        (_book.Worth.Awaits, _book.Worth.IsWorth(InTime), _book.Worth.IsMuch).ShouldBe((true, true, false));
        Come(Usdc, 5 * Unit, "GX", InTime);
        _book.Worth.IsMuch.ShouldBeTrue();
        _book.Worth.Next(isClosing: false, InTime).ShouldAllBe(each => each.Asset == Usdc);
        _book.Worth.Next(isClosing: true, InTime).Length.ShouldBe(4);
    }

    [Fact]
    public void All_that_is_missing_is_worth_it_however_little_it_is()
    {
        Come(Usdc, Unit / 20, "GX", InTime);
        _book.Worth.IsWorth(InTime).ShouldBeFalse();

        _book.Learn(new() { [Usdc] = (Unit / 20) + 1 });
        _book.Worth.IsWorth(InTime).ShouldBeFalse();
        _book.Learn(new() { [Usdc] = Unit / 20 });
        (_book.Worth.IsWorth(InTime), _book.Worth.IsMuch).ShouldBe((true, true));
    }

    [Fact]
    public void What_the_merchant_cannot_take_holds_nothing_else_and_is_tried_by_itself_ever_less_often()
    {
        _state.Enough[Native] = 50 * Unit;
        Come(Usdc, 5 * Unit, "GX", InTime);
        Come(Native, 5 * Unit, "GX", InTime);
        _book.Block(Usdc, InTime);

        _book.Worth.Next(isClosing: true, InTime).ShouldHaveSingleItem().Asset.ShouldBe(Native);
        (_book.Worth.Awaits, _book.Worth.IsHeldUp).ShouldBe((true, true));
        _book.Worth.NextAt(InTime).ShouldBe(InTime.AddSeconds(10));
        _state.Receipts.RemoveAll(each => each.Asset == Native);
        _book.Worth.CanClose(InTime).ShouldBeFalse();
        _book.Worth.CanClose(InTime.AddSeconds(10)).ShouldBeTrue();
        _book.Worth.Next(isClosing: true, InTime.AddSeconds(10)).ShouldHaveSingleItem().Asset.ShouldBe(Usdc);

        _book.Block(Usdc, InTime);
        _state.Blocked[Usdc].Until.ShouldBe(InTime.AddSeconds(20));
        _state.IsPastEnd = true;
        _book.Worth.IsRead.ShouldBeFalse();
        for (var tries = 2; tries < AddressWorth.MostTries; tries++)
        {
            _book.Block(Usdc, InTime);
        }

        (_book.Worth.IsRead, _book.Worth.Awaits).ShouldBe((true, false), "nobody waits for ever");
        _state.Blocked[Usdc].Until.ShouldBeLessThan(InTime.AddDays(1));
    }

    [Fact]
    public void What_came_later_does_not_wait_for_what_is_on_the_ledger_and_was_not_taken_in_but_for_the_end()
    {
        Come(Usdc, 5 * Unit, "GX", InTime);
        (_state.Receipts[0].Sweep, _state.Receipts[0].Index) = ("h", 0);
        Come(Usdc, 5 * Unit, "GY", InTime);

        (_book.Worth.IsBehind, _book.Worth.IsLeaving, _book.Worth.CanClose(InTime)).ShouldBe((true, false, true));
        _book.Worth.Next(isClosing: true, InTime).ShouldHaveSingleItem().From.ShouldBe("GY");
        _state.Receipts[0].Merges = true;
        _book.Worth.IsLeaving.ShouldBeTrue();
    }

    [Fact]
    public void An_account_created_again_for_little_is_given_up_once_a_day()
    {
        _state.Status = PaymentAddressStatus.Closed;
        Create(Unit, "GX");
        _book.Worth.CanClose(Late).ShouldBeTrue();
        SignAll("h", pays: false);
        Leave("h", 1, "account_merge", Unit);

        Create(Unit, "GX");
        _book.Worth.CanClose(Late).ShouldBeFalse();
        _book.Worth.NextAt(Late).ShouldBe(Late.AddDays(1));
        _book.Worth.CanClose(Late.AddDays(1)).ShouldBeTrue();
        Come(Native, 4 * Unit, "GY", Late);
        _book.Worth.CanClose(Late).ShouldBeTrue("it is much by now");
    }

    [Fact]
    public void A_payers_payment_does_not_wait_for_what_a_stranger_sent_and_came_to_nothing()
    {
        DateTimeOffset? later = InTime.AddHours(1);
        Come(Usdc, Unit / 10, "GSTRANGER", InTime);
        (_state.Failures, _state.TriedAfter) = (12, later);
        Come(Usdc, Unit / 10, "GSTRANGER", InTime);
        (_state.Failures, _state.TriedAfter).ShouldBe((12, later));

        Come(Usdc, 10 * Unit, "GX", InTime);

        (_state.Failures, _state.TriedAfter).ShouldBe((0, null));
        // What fails then is a payer's: who sends more to it hurries nothing.
        (_state.Failures, _state.TriedAfter) = (5, later);
        Come(Usdc, 10 * Unit, "GX", InTime);
        (_state.Failures, _state.TriedAfter).ShouldBe((5, later));
    }

    private void Come(string asset, long stroops, string? from, DateTimeOffset at)
    {
        var movement = Movement("payment", from, Address, asset, stroops, at);
        _book.Take(new LedgerPlace(movement.PagingToken, 0), movement);
    }

    private void Create(long stroops, string from, DateTimeOffset? at = null)
    {
        var movement = Movement("create_account", from, Address, Native, stroops, at ?? Late);
        _book.Take(new LedgerPlace(movement.PagingToken, 0), movement);
    }

    // As a transaction does it that gives the account up, and whose operations pay them in their order before, or do not.
    private void SignAll(string hash, bool pays)
    {
        foreach (var (receipt, index) in _state.Receipts.Select((each, index) => (each, index)))
        {
            (receipt.Sweep, receipt.Index, receipt.Merges) = (hash, pays ? index : AddressReceipt.WithTheAccount, true);
        }
    }

    private void Leave(string hash, int number, string type, long stroops, string asset = Native)
    {
        var movement = Movement(type, Address, Shop, asset, stroops, Late, hash, number);
        _book.Take(new LedgerPlace(movement.PagingToken, 0), movement);
    }

    private SweptReceipt[] Told() =>
        [.. ((IInboxState)_state).Marks().Sent.Select(row => SweptReceipt.Find(row.Content)).OfType<SweptReceipt>()];

    // The first operations of a transaction are in one ledger.
    private LedgerOperation Movement(
        string type, string? from, string to, string asset, long stroops, DateTimeOffset at, string? hash = null, int number = 1)
    {
        _ledger += number == 1 ? 1 : 0;
        return new LedgerOperation(
            (_ledger << 32) | 4096 | (uint)number, hash ?? $"{_ledger:x64}", null, true, type, from, to, new Amount(Asset.Parse(asset), stroops), null,
            _ledger, at);
    }
}
