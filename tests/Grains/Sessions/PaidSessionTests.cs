using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Money;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Sessions;

public abstract class PaidSessionTests(SharedWorld shared) : UnbookedVerdictTests(shared)
{
    private readonly SharedWorld _shared = shared;
    private const long Unit = TestMerchant.Unit;

    [Theory]
    [InlineData("text")]
    [InlineData("id")]
    [InlineData("muxed")]
    [InlineData("muxed and a note")]
    [InlineData("all")]
    public async Task Who_names_the_session_in_any_way_pays_it_and_the_merchant_has_it_less_the_fee(string how)
    {
        var shop = await TestMerchant.OpenAsync(await _shared.ForTestAsync());
        var session = await shop.NewSessionAsync(1_000);
        var (number, muxed) = (session.Id.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), shop.MuxedOf(session.Id));

        var paid = how switch
        {
            "text" => shop.Pay(10 * Unit, session.Id.Value),
            "id" => shop.Pay(10 * Unit, number, "id"),
            "muxed" => shop.Pay(10 * Unit, muxed: muxed),
            "muxed and a note" => shop.Pay(10 * Unit, "order 77", muxed: muxed),
            _ => shop.Pay(10 * Unit, session.Id.Value, muxed: muxed),
        };

        var view = await shop.UntilPaidAsync(session.Id);
        (view.Received, view.ReceivedStroops, view.Asset, view.PaidAt).ShouldBe(
            (10 * Unit, 10 * Unit, shop.World.Network.Usdc, paid.ClosedAt));
        view.Payments.ShouldHaveSingleItem().Verdict.ShouldBe(SessionPaymentVerdict.Counted);
        await shop.UntilBookAsync(book => book.Unallocated == 0 && book.Available > 0, "the merchant has it");
        var book = await shop.BookAsync();
        (book.OnLedger, book.Available, book.Pending, book.Held, book.Fees).ShouldBe((10 * Unit, 99 * Unit / 10, 0, 0, Unit / 10));
        shop.TypesOf(session.Id).ShouldBe(["payment_session.created", "payment_session.paid"]);
    }

    [Fact]
    public async Task Memo_and_muxed_address_of_two_sessions_name_nobody_and_what_names_nobody_stays_unallocated()
    {
        var shop = await TestMerchant.OpenAsync(await _shared.ForTestAsync());
        var (one, other) = (await shop.NewSessionAsync(1_000), await shop.NewSessionAsync(1_000));

        shop.Pay(10 * Unit, one.Id.Value, muxed: shop.MuxedOf(other.Id));
        shop.Pay(10 * Unit, one.Id.Value.ToUpperInvariant());
        shop.Pay(10 * Unit, one.Id.Value[..^1] + (one.Id.Value[^1] == '0' ? '1' : '0'));
        shop.Pay(10 * Unit);
        shop.Pay(10 * Unit, other.Id.Value);

        await shop.UntilPaidAsync(other.Id);
        await shop.UntilBookAsync(book => book is { OnLedger: 50 * Unit, Unallocated: 40 * Unit }, "four payments are nobody's");
        (await shop.ViewAsync(one.Id)).PaymentCount.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_missing_can_be_paid_after_and_what_is_too_much_is_kept_without_a_fee()
    {
        var shop = await TestMerchant.OpenAsync(await _shared.ForTestAsync());
        var session = await shop.NewSessionAsync(1_000);

        shop.Pay(4 * Unit, session.Id.Value);
        var part = await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "the first came");
        (part.Status, part.Received, part.Facts.Single()).ShouldBe((PaymentSessionStatus.Created, 4 * Unit, "underpaid"));
        await shop.UntilBookAsync(book => book is { Pending: 4 * Unit, Available: 0, Unallocated: 0 }, "it is pending");
        shop.Pay(9 * Unit, session.Id.Value);

        var view = await shop.UntilPaidAsync(session.Id);
        (view.Received, view.Facts.Single(), view.Payments[1].CountedStroops).ShouldBe((10 * Unit, "overpaid", 6 * Unit));
        await shop.UntilBookAsync(
            book => book is { Pending: 0, Available: 129 * Unit / 10, Fees: Unit / 10, Held: 0, Unallocated: 0 }, "the fee is of the price");
        shop.TypesOf(session.Id).ShouldBe(
            ["payment_session.created", "payment_session.underpaid", "payment_session.paid", "payment_session.overpaid"]);
    }

    [Fact]
    public async Task It_is_paid_once_whatever_comes_twice_or_at_once()
    {
        var shop = await TestMerchant.OpenAsync(await _shared.ForTestAsync());
        var session = await shop.NewSessionAsync(1_000);

        shop.Pay(10 * Unit, session.Id.Value, operations: 3);
        shop.Pay(10 * Unit, session.Id.Value);

        var view = await shop.UntilAsync(session.Id, each => each.PaymentCount == 4, "all came");
        view.Payments.Select(payment => payment.Verdict).ShouldBe([
            SessionPaymentVerdict.Counted, SessionPaymentVerdict.Overpaid, SessionPaymentVerdict.Overpaid, SessionPaymentVerdict.Overpaid,
        ]);
        shop.TypesOf(session.Id).Count(type => type == "payment_session.paid").ShouldBe(1);
        await shop.UntilBookAsync(
            book => book is { OnLedger: 40 * Unit, Available: 399 * Unit / 10, Fees: Unit / 10, Unallocated: 0 }, "all is the merchant's");
    }

    [Fact]
    public async Task Each_asset_that_it_takes_counts_towards_its_own_price_and_a_strangers_little_keeps_nobody_from_paying()
    {
        var shop = await TestMerchant.OpenAsync(await _shared.ForTestAsync());
        var session = await shop.NewSessionAsync(1_000);
        session.Locks.Select(each => (each.Asset, each.DueStroops)).ShouldBe(
            [(shop.World.Network.Usdc, 10 * Unit), ("native", 100 * Unit)]);

        shop.Pay(1_000, session.Id.Value, asset: "native");
        await shop.UntilAsync(session.Id, view => view.Asset == "native", "a stranger has paid a little XLM");
        shop.Pay(4 * Unit, session.Id.Value);
        (await shop.UntilAsync(session.Id, view => view.PaymentCount == 2, "dollars came")).Asset.ShouldBe(shop.World.Network.Usdc);
        shop.Pay(6 * Unit, session.Id.Value);

        var paid = await shop.UntilPaidAsync(session.Id);
        (paid.Received, paid.Asset).ShouldBe((10 * Unit, shop.World.Network.Usdc));
        await shop.UntilBookAsync(book => book is { Available: 99 * Unit / 10, Fees: Unit / 10, Pending: 0 }, "dollars are sold");
        await shop.UntilBookAsync(book => book is { Held: 1_000, Pending: 0, Fees: 0 }, "the stranger's are his to have back", "native");
        shop.Pay(5 * Unit, session.Id.Value, asset: "native");
        (await shop.UntilAsync(session.Id, view => view.PaymentCount == 4, "XLM came after")).Payments[3].Verdict
            .ShouldBe(SessionPaymentVerdict.WrongAsset);
    }

    [Fact]
    public async Task An_asset_that_it_does_not_take_is_recorded_and_held()
    {
        var shop = await TestMerchant.OpenAsync(await _shared.ForTestAsync());
        var session = await shop.NewSessionAsync(shop.Order(1_000, shop.World.Network.Usdc));

        shop.Pay(100 * Unit, session.Id.Value, asset: "native");

        var view = await shop.UntilAsync(session.Id, each => each.PaymentCount == 1, "it came");
        (view.Status, view.Payments[0].Verdict, view.Facts.Single()).ShouldBe((PaymentSessionStatus.Created, SessionPaymentVerdict.WrongAsset, "wrong_asset"));
        await shop.UntilBookAsync(book => book is { Held: 100 * Unit, Available: 0 }, "it is the payer's to have back", "native");
    }

    [Fact]
    public async Task A_tolerance_forgives_a_little_and_not_a_stroop_more()
    {
        var shop = await TestMerchant.OpenAsync(await _shared.ForTestAsync());
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { ToleranceBasisPoints = 100 });

        shop.Pay((99 * Unit / 10) - 1_000, session.Id.Value);
        var almost = await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "it came");
        almost.Status.ShouldBe(PaymentSessionStatus.Created);
        shop.Pay(1_000, session.Id.Value);

        var view = await shop.UntilPaidAsync(session.Id);
        (view.ReceivedStroops, view.Facts).ShouldBe((99 * Unit / 10, []));
    }

    [Fact]
    public async Task Dust_counts_and_says_nothing_by_itself()
    {
        var shop = await TestMerchant.OpenAsync(await _shared.ForTestAsync());
        var session = await shop.NewSessionAsync(1_000);

        shop.Pay(3, session.Id.Value, operations: 300, asset: "native");
        shop.Pay(3, session.Id.Value, operations: 300);
        await shop.UntilBookAsync(book => book is { Pending: 900, Unallocated: 0 }, "dust is pending");
        shop.TypesOf(session.Id).ShouldBe(["payment_session.created"]);
        shop.EventsOf(shop.Id.Value).Count(each => (string)each["type"]! == "merchant.received").ShouldBeLessThan(20);
        shop.Pay((10 * Unit) - 900, session.Id.Value);

        (await shop.UntilPaidAsync(session.Id)).ReceivedStroops.ShouldBe(10 * Unit);
        await shop.UntilBookAsync(book => book is { Held: 900, Pending: 0, OnLedger: 900 }, "dust of the other asset is held", "native");
    }

    [Fact]
    public async Task A_price_in_another_currency_is_rounded_up_to_the_stroop()
    {
        var world = await _shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        world.Rates.Set("XLM", 0.3m);

        var yen = await shop.NewSessionAsync(shop.Order(0) with { Currency = "JPY", Amount = 1_000 * Unit });
        var native = await shop.NewSessionAsync(shop.Order(0) with { Currency = "native", Amount = 7_000_007, Assets = ["native"] });

        // 1,000 yen are 6.70 dollars, and 22.333… XLM.
        yen.Locks.Select(each => each.DueStroops).ShouldBe([67_000_000, 223_333_334]);
        native.Locks.ShouldHaveSingleItem().DueStroops.ShouldBe(7_000_007);
        (await shop.CreateAsync(PaymentSessionId.New(TimeProvider.System), shop.Order(0) with { Currency = "native", Amount = 333_330, Assets = ["native"] }))
            .Error!.Code.ShouldBe("amount_too_small");
        world.Rates.Forget("XLM");
        var none = await shop.CreateAsync(PaymentSessionId.New(TimeProvider.System), shop.Order(1_000));
        none.Error!.Code.ShouldBe("rate_unavailable");
        world.Rates.Set("XLM", 0.3m, world.Business.GetUtcNow().AddSeconds(-301));
        (await shop.CreateAsync(PaymentSessionId.New(TimeProvider.System), shop.Order(1_000))).Error!.Code.ShouldBe("rate_unavailable");
        Amount.Format(yen.Locks[1].DueStroops).ShouldBe("22.3333334");
    }

    [Fact]
    public async Task Nobody_but_its_merchant_sees_or_ends_it_and_a_key_makes_one_session()
    {
        var world = await _shared.ForTestAsync();
        var (shop, other) = (await TestMerchant.OpenAsync(world), await TestMerchant.OpenAsync(world));
        var order = shop.Order(1_000) with { IdempotencyKey = "order-7", Fingerprint = "f" };
        var session = await shop.NewSessionAsync(order);

        (await shop.GrainOf(session.Id).GetAsync(other.Id)).Error!.Code.ShouldBe("payment_session_not_found");
        (await shop.GrainOf(session.Id).CancelAsync(other.Id, null)).Error!.Code.ShouldBe("payment_session_not_found");
        (await shop.CreateAsync(session.Id, shop.Order(500))).Error!.Code.ShouldBe("session_exists");
        var again = PaymentSessionId.New(TimeProvider.System);
        (await shop.CreateAsync(again, order)).Error!.Code.ShouldBe("idempotency_key_in_use");
        (await shop.GrainOf(again).GetAsync(shop.Id)).Error!.Code.ShouldBe("payment_session_not_found");
        (await other.CreateAsync(again, order)).Error.ShouldBeNull();
        var lasting = order with { ExpiresIn = TimeSpan.FromHours(1), IdempotencyKey = null };
        (await shop.CreateAsync(PaymentSessionId.New(TimeProvider.System), lasting)).Error!.Param.ShouldBe("expires_in");
        await shop.NewSessionAsync(lasting with { Assets = [world.Network.Usdc] });
    }

    [Fact]
    public async Task A_suspended_merchant_makes_no_sessions_and_what_is_open_is_judged()
    {
        var world = await _shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var session = await shop.NewSessionAsync(1_000);
        var control = world.Grains.GetGrain<IMerchantControl>(shop.Id.Value);

        (await control.SetTermsAsync(2, suspended: true)).Value!.Suspended.ShouldBeTrue();

        (await shop.CreateAsync(PaymentSessionId.New(TimeProvider.System), shop.Order(1))).Error!.Code.ShouldBe("merchant_suspended");
        shop.Pay(10 * Unit, session.Id.Value);
        await shop.UntilPaidAsync(session.Id);
        // What was decided before, and comes late, does not overrule it.
        (await control.SetTermsAsync(1, suspended: false, tier: 3)).Value.ShouldSatisfyAllConditions(
            late => (late!.Suspended, late.Tier).ShouldBe((true, 0)));
        await control.SetTermsAsync(3, suspended: false, tier: 1);
        await shop.NewSessionAsync(1);
        (await control.SetTermsAsync(2, suspended: true, tier: 0)).Value!.Tier.ShouldBe(1);
    }

    // Given 1: what was paid exactly as quoted was judged anew at a later rate.
    [Fact]
    public async Task What_is_paid_as_it_was_quoted_is_paid_whatever_the_rate_is_since()
    {
        var world = await _shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        world.Rates.Set("EUR", 1m);
        world.Rates.Set("XLM", 0.1250m);
        var quoted = await shop.NewSessionAsync(Euros(shop, 2_500));
        var less = await shop.NewSessionAsync(Euros(shop, 2_500));
        world.Rates.Set("XLM", 0.3333m);
        var odd = await shop.NewSessionAsync(Euros(shop, 1_000));
        quoted.Locks.ShouldHaveSingleItem().DueStroops.ShouldBe(200 * Unit);
        odd.Locks.ShouldHaveSingleItem().DueStroops.ShouldBe(300_030_004);
        world.Rates.Set("XLM", 0.1240m);

        shop.Pay(200 * Unit, quoted.Id.Value, asset: "native");
        shop.Pay(300_030_004, odd.Id.Value, asset: "native");
        shop.Pay((200 * Unit) - 1, less.Id.Value, asset: "native");

        (await shop.UntilPaidAsync(quoted.Id)).Received.ShouldBe(25 * Unit);
        (await shop.UntilPaidAsync(odd.Id)).Facts.ShouldBeEmpty();
        var under = await shop.UntilAsync(less.Id, each => each.Facts.Contains("underpaid"), "a stroop is missing");
        (under.Status, under.Locks[0].DueStroops - under.ReceivedStroops).ShouldBe((PaymentSessionStatus.Created, 1));
    }

    private static NewPaymentSession Euros(TestMerchant shop, long cents) => shop.Order(cents, "native") with { Currency = "EUR" };
}

[Trait("Length", "long")]
public sealed class MemoryPaidSessionTests(SharedWorld shared) : PaidSessionTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresPaidSessionTests(SharedPostgresWorld shared) : PaidSessionTests(shared), IClassFixture<SharedPostgresWorld>;
