using StellarPay.Grains.Ledger;
using StellarPay.Grains.PaymentAddresses;

namespace StellarPay.Grains.Tests.PaymentAddresses;

/// <summary>What was put off, and what never comes right.</summary>
public sealed partial class PaymentAddressBookTests
{
    [Fact]
    public void What_was_put_off_to_the_next_day_is_waited_for_again_when_it_is_there()
    {
        Come(Usdc, 49 * Unit / 10, "GX", InTime);
        _state.LittleAfter = InTime.AddMinutes(1);
        _book.Flush(InTime);
        _book.Now().Awaits.ShouldBeFalse();

        _book.Flush(InTime.AddMinutes(1));

        // No page shows the address, and asks for the whole price, over what lies there.
        (_state.LittleAfter, _book.Now().Awaits, _state.Told!.Awaits).ShouldBe((null, true, true));
    }

    [Fact]
    public void Nobody_waits_longer_than_a_day_for_what_the_merchant_cannot_take_however_seldom_it_is_tried()
    {
        Come(Usdc, 5 * Unit, "GX", InTime);
        _state.IsPastEnd = true;
        _book.Block(Usdc, InTime);
        // What strangers left of the day was used up.
        _book.Block(Usdc, InTime.AddHours(23));
        _book.Worth.IsRead.ShouldBeFalse();

        _book.Block(Usdc, InTime.AddHours(24));

        (_book.Worth.IsRead, _book.Worth.Awaits).ShouldBe((true, false));
        _state.Blocked[Usdc].Until.ShouldBeGreaterThan(InTime.AddHours(46), "it is tried all the same, now and then");
    }

    [Fact]
    public void What_nobody_could_read_and_left_with_the_account_is_taken_from_nobody_who_creates_it_again()
    {
        Create(Unit, "GX");
        SignAll("h", pays: false);
        _state.HasUnread = true;
        Leave("h", 1, "account_merge", 3 * Unit);
        _state.Balances[Native].ShouldBe(-2 * Unit);

        Create(5 * Unit, "GY");

        (_state.Balances[Native], _state.HasUnread).ShouldBe((5 * Unit, false));
        _state.Receipts.ShouldHaveSingleItem().Stroops.ShouldBe(5 * Unit);
        Told().ShouldHaveSingleItem().From.ShouldBeNull("most of it was nobody's");
    }

    [Fact]
    public void Who_creates_the_account_before_us_hides_its_address_from_nobody()
    {
        _state.Enough[Native] = Unit;

        Create(Unit, "GSTRANGER", InTime);

        // It cannot leave before the account does.
        (_book.Now().Awaits, _book.Worth.IsWorth(InTime), _book.Worth.IsMuch).ShouldBe((false, false, false));
        Come(Native, Unit, "GPAYER", InTime);
        (_book.Now().Awaits, _book.Worth.IsWorth(InTime), _book.Worth.IsMuch).ShouldBe((true, true, true));
        _state.IsPastEnd = true;
        _state.Receipts.RemoveAll(each => each.From == "GPAYER");
        _book.Worth.IsRead.ShouldBeFalse("it is the merchant's when the account is given up, and came in time");
    }

    [Fact]
    public void What_comes_to_an_account_that_was_given_up_takes_nothing_of_a_day_from_payers()
    {
        _state.Enough[Native] = Unit;
        _state.Status = PaymentAddressStatus.Closed;

        Create(5 * Unit, "GX");

        (_book.Worth.IsMuch, _book.Worth.CanClose(Late)).ShouldBe((false, true));
    }

    [Fact]
    public void What_the_merchant_could_not_take_says_so_as_long_as_it_lies_there()
    {
        Come(Usdc, 4 * Unit, "GX", InTime);
        _book.Block(Usdc, InTime);
        _state.LittleAfter = InTime.AddHours(1);
        (_book.Now().Awaits, _book.Now().IsHeldUp).ShouldBe((false, true));

        SignAll("h", pays: true);
        Leave("h", 1, "payment", 4 * Unit, Usdc);

        _book.Now().IsHeldUp.ShouldBeFalse();
    }
}
