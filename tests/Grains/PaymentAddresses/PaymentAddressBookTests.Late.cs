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
}
