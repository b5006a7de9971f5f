using Microsoft.Extensions.Time.Testing;
using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>What a front door remembers of pages is bounded, and forgotten in time.</summary>
public sealed class CheckoutShelfTests
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly PaymentSessionId[] _ids = [.. Enumerable.Range(0, 4).Select(_ => PaymentSessionId.New(TimeProvider.System))];

    [Fact]
    public void The_oldest_gives_way_and_what_was_forgotten_takes_no_place()
    {
        var shelf = new CheckoutShelf<string>(2, Lasts, _time);
        shelf.Put(_ids[0], "first");
        shelf.Put(_ids[1], "second");
        for (var again = 0; again < 10; again++)
        {
            shelf.Put(_ids[2], "passing");
            shelf.Remove(_ids[2], "another").ShouldBeFalse();
            shelf.TryGet(_ids[2], out var passing).ShouldBeTrue();
            shelf.Remove(_ids[2], passing!).ShouldBeTrue();
        }

        shelf.TryGet(_ids[0], out _).ShouldBeFalse("there was room for two");
        shelf.TryGet(_ids[1], out var kept).ShouldBeTrue("what passed by is gone and pushes out nothing");
        kept.ShouldBe("second");
        shelf.Put(_ids[1], "newer");
        shelf.Put(_ids[3], "last");
        shelf.TryGet(_ids[1], out kept).ShouldBeTrue();
        kept.ShouldBe("newer");
    }

    // Whoever had the links of as many sessions as there are places pushed everybody's open pages out by asking for each of his.
    [Fact]
    public void A_page_that_is_asked_for_again_stays_whatever_passes_by_and_nobody_has_all_places()
    {
        var shelf = new CheckoutShelf<string>(8, Lasts, _time);
        shelf.Put(_ids[0], "open");
        shelf.TryGet(_ids[0], out _).ShouldBeTrue();
        for (var passing = 0; passing < 100; passing++)
        {
            var id = PaymentSessionId.New(TimeProvider.System);
            shelf.Put(id, "passing");
            shelf.TryGet(_ids[0], out _).ShouldBeTrue("somebody looks at it");
        }

        shelf.Put(_ids[0], "changed");
        shelf.Put(_ids[1], "mine");
        shelf.Own(_ids[1], "mine", "mer_a");
        shelf.Put(_ids[2], "mine too");
        shelf.Own(_ids[2], "mine too", "mer_a");
        shelf.TryGet(_ids[1], out _).ShouldBeTrue();
        shelf.Put(_ids[3], "one more");
        shelf.Own(_ids[3], "one more", "mer_a");
        shelf.TryGet(_ids[0], out _).ShouldBeTrue();
        shelf.TryGet(_ids[1], out _).ShouldBeTrue();
        shelf.TryGet(_ids[2], out _).ShouldBeFalse("a quarter of eight places is two, and the other was asked for since");
        shelf.TryGet(_ids[3], out _).ShouldBeTrue();
    }

    [Fact]
    public void Nothing_is_remembered_for_longer_than_it_may_be()
    {
        var shelf = new CheckoutShelf<string>(2, Lasts, _time);
        shelf.Put(_ids[0], "here");
        _time.Advance(Lasts - TimeSpan.FromSeconds(1));
        shelf.TryGet(_ids[0], out _).ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(1));
        shelf.TryGet(_ids[0], out _).ShouldBeFalse();
    }
}
