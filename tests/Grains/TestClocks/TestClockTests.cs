using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.TestClocks;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.TestClocks;

public sealed class TestClockTests(SharedPostgresWorld shared) : IClassFixture<SharedPostgresWorld>
{
    private const long Unit = TestMerchant.Unit;
    private static readonly DateTimeOffset Start = new(2031, 2, 3, 10, 0, 0, TimeSpan.Zero);
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static readonly TimeSpan Minutes15 = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task A_session_lives_by_its_clock_and_expires_when_that_passes_its_end_and_the_others_do_not_notice()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var clock = await NewClockAsync(shop);
        var (session, other) = (await shop.NewSessionAsync(UnderIt(shop, clock)), await shop.NewSessionAsync(1_000));
        var before = await shop.ViewAsync(other.Id);
        (session.TestClock, session.CreatedAt, session.ExpiresAt).ShouldBe((clock.Value, Start, Start + Minutes15));
        (await shop.GrainOf(session.Id).ViewAsync(shop.Id)).Value!.ViewedAt.ShouldBe(Start);

        // The system's clock moves nothing of it, though it passes the quarter of an hour.
        await world.SweepAsync();
        (await shop.ViewAsync(session.Id)).Status.ShouldBe(PaymentSessionStatus.Created);
        await AdvanceAsync(shop, clock, Start + TimeSpan.FromDays(30));

        await UntilReadyAsync(shop, clock);
        (await shop.ViewAsync(session.Id)).Status.ShouldBe(PaymentSessionStatus.Expired);
        (await ClocksOf(world).FindAsync(shop.Id, clock, Cancelled))!.FrozenTime.ShouldBe(Start + TimeSpan.FromDays(30));
        shop.TypesOf(session.Id).ShouldBe(["payment_session.created", "payment_session.viewed", "payment_session.expired"]);
        // It stood where the session was due when that was told.
        TimesOf(world, session.Id).ShouldBe([Start, Start, Start + Minutes15]);
        var after = await shop.ViewAsync(other.Id);
        (after.Status, after.ExpiresAt, after.Sequence, after.TestClock).ShouldBe((before.Status, before.ExpiresAt, before.Sequence, null));
        TimesOf(world, other.Id).ShouldAllBe(time => time < Start);
    }

    [Fact]
    public async Task A_clock_in_the_past_ends_nothing_at_birth_and_what_is_paid_is_paid_at_its_time()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var clock = await NewClockAsync(shop, Start - TimeSpan.FromDays(3_000));
        var session = await shop.NewSessionAsync(UnderIt(shop, clock));
        await world.SweepAsync();

        shop.Pay(10 * Unit, session.Id.Value);

        var paid = await shop.UntilPaidAsync(session.Id);
        (paid.PaidAt, paid.Payments.Single().DeliveredAt).ShouldBe((session.CreatedAt, session.CreatedAt));
        paid.Payments[0].ClosedAt.ShouldBeGreaterThan(session.ExpiresAt);
        await shop.UntilBookAsync(book => book is { Pending: 0, Unallocated: 0, OnLedger: 10 * Unit }, "it is booked");
    }

    [Fact]
    public async Task What_was_read_before_the_clock_moved_is_in_time_and_what_comes_afterwards_is_late()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var clock = await NewClockAsync(shop);
        var (paid, late) = (await shop.NewSessionAsync(UnderIt(shop, clock)), await shop.NewSessionAsync(UnderIt(shop, clock)));
        var ledger = shop.Pay(10 * Unit, paid.Id.Value).Ledger;
        await TestWorld.UntilAsync(async () => (await world.Port<ILedgerInbox>().GetWatermarkAsync(Cancelled))?.Ledger >= ledger, "the ledger was read");

        await AdvanceAsync(shop, clock, Start + TimeSpan.FromDays(1));
        await UntilReadyAsync(shop, clock);
        shop.Pay(10 * Unit, late.Id.Value);

        (await shop.ViewAsync(paid.Id)).Status.ShouldBe(PaymentSessionStatus.Paid);
        var came = await shop.UntilAsync(late.Id, view => view.PaymentCount == 1, "it came");
        (came.Status, came.Payments[0].Verdict).ShouldBe((PaymentSessionStatus.Expired, SessionPaymentVerdict.Late));
        await shop.UntilBookAsync(book => book is { Held: 10 * Unit, Pending: 0 }, "it is held");
        // What is made of it lives by the same clock.
        var born = (await shop.AcceptAsync(late.Id, came.Payments[0])).Value!;
        (born.TestClock, born.CreatedAt, born.Status).ShouldBe((clock.Value, Start + TimeSpan.FromDays(1), PaymentSessionStatus.Paid));
    }

    [Fact]
    public async Task A_refund_is_made_at_the_clocks_time_and_paid_in_real_time()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var clock = await NewClockAsync(shop);
        var session = await shop.NewSessionAsync(UnderIt(shop, clock));
        shop.Pay(10 * Unit, session.Id.Value);
        await shop.UntilPaidAsync(session.Id);
        await shop.UntilBookAsync(book => book is { Pending: 0, Available: > 0 }, "it is booked");

        var refund = (await shop.RefundAsync(session.Id, 4 * Unit)).Value!;

        refund.CreatedAt.ShouldBe(Start);
        (await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded)).EndedAt.ShouldBe(Start);
    }

    [Fact]
    public async Task A_refund_has_waited_for_money_too_long_by_the_clock_of_its_session_and_by_no_other()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var clock = await NewClockAsync(shop);
        var (session, other) = (await shop.NewSessionAsync(UnderIt(shop, clock)), await shop.NewSessionAsync(1_000));
        foreach (var each in new[] { session, other })
        {
            shop.Pay(10 * Unit, each.Id.Value);
            await shop.UntilPaidAsync(each.Id);
        }

        await shop.UntilBookAsync(book => book is { Pending: 0, Unallocated: 0, Available: > 19 * Unit }, "both are booked");
        // Of the two prices the fees are missing: one of them is given back, and then both wait for what is missing.
        (await shop.RefundAsync(session.Id, 99 * Unit / 10)).IsSuccess.ShouldBeTrue();
        (await shop.RefundAsync(other.Id, 99 * Unit / 10)).IsSuccess.ShouldBeTrue();
        await shop.UntilBookAsync(book => book is { Available: 0, Refunds: 0 }, "all that there was is given back");
        (await shop.RefundAsync(session.Id, Unit / 10)).IsSuccess.ShouldBeTrue();
        (await shop.RefundAsync(other.Id, Unit / 10)).IsSuccess.ShouldBeTrue();
        foreach (var each in new[] { session, other })
        {
            await shop.UntilAsync(each.Id, view => view.Refunds[^1].PendingReason is not null, "it waits for money");
        }

        shop.Pass(TimeSpan.FromDays(31));
        await UntilSweptAsync(shop, other.Id, view => view.Refunds[^1].Status == RefundStatus.Failed, "it has failed");
        (await shop.ViewAsync(session.Id)).Refunds[^1].Status.ShouldBe(RefundStatus.Pending);
        await AdvanceAsync(shop, clock, Start + TimeSpan.FromDays(31));
        var failed = await UntilSweptAsync(shop, session.Id, view => view.Refunds[^1].Status == RefundStatus.Failed, "it has failed");

        failed.Refunds[^1].FailureReason.ShouldBe("insufficient_funds");
        failed.Refunds[^1].EndedAt!.Value.ShouldBeGreaterThanOrEqualTo(Start + TimeSpan.FromDays(30));
        await UntilReadyAsync(shop, clock);
    }

    [Fact]
    public async Task A_refund_address_waits_for_a_day_by_the_clock_of_its_session_and_by_no_other()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var clock = await NewClockAsync(shop);
        var session = await shop.NewSessionAsync(UnderIt(shop, clock));
        shop.Pay(10 * Unit, session.Id.Value);
        var paid = await shop.UntilPaidAsync(session.Id);
        await shop.UntilBookAsync(book => book is { Pending: 0, Available: > 0 }, "it is booked");
        var order = new NewRefundAddress(
            Excesses.PlaceOf(paid.Payments[0]), world.Network.NewOutsider(), null, UserId.New(TimeProvider.System), IsCustomerTold: true);
        (await shop.GrainOf(session.Id).SetRefundAddressAsync(shop.Id, order, Cancelled)).Error.ShouldBeNull();

        shop.Pass(TimeSpan.FromDays(2));
        await world.SweepAsync();
        (await shop.ViewAsync(session.Id)).RefundAddresses![0].IsInEffect.ShouldBeFalse();
        await AdvanceAsync(shop, clock, Start + TimeSpan.FromDays(1));
        await UntilSweptAsync(shop, session.Id, view => view.RefundAddresses![0].IsInEffect, "its day is over");

        (await shop.RefundAsync(session.Id, 4 * Unit)).Value!.Legs[0].To.ShouldBe(order.Address);
    }

    [Fact]
    public async Task Hundreds_expire_once_each_while_another_merchants_clock_and_what_is_real_go_on()
    {
        var world = await shared.ForTestAsync();
        var (shop, stranger) = (await TestMerchant.OpenAsync(world), await TestMerchant.OpenAsync(world));
        var (clock, other) = (await NewClockAsync(shop), await NewClockAsync(stranger));
        var sessions = new List<PaymentSessionView>();
        for (var some = 0; some < 25; some++)
        {
            sessions.AddRange(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.NewSessionAsync(UnderIt(shop, clock)))));
        }

        var (theirs, real) = (await stranger.NewSessionAsync(UnderIt(stranger, other)), await stranger.NewSessionAsync(1_000));
        await AdvanceAsync(shop, clock, Start + TimeSpan.FromDays(2));
        await AdvanceAsync(stranger, other, Start + TimeSpan.FromDays(2));
        stranger.Pay(10 * Unit, real.Id.Value);

        await stranger.UntilPaidAsync(real.Id);
        await UntilReadyAsync(stranger, other);
        (await stranger.ViewAsync(theirs.Id)).Status.ShouldBe(PaymentSessionStatus.Expired);
        await UntilReadyAsync(shop, clock);
        var ended = world.Storage.Events.Where(each => (string)each["type"]! == "payment_session.expired")
            .Select(each => (string)each["subject"]!).ToArray();
        sessions.ShouldAllBe(session => ended.Count(subject => subject == session.Id.Value) == 1);
    }

    [Fact]
    public async Task Sessions_of_one_day_are_one_stop_and_those_of_the_next_day_another()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var clock = await NewClockAsync(shop);
        var lengths = new[] { TimeSpan.FromMinutes(5), TimeSpan.FromHours(2), TimeSpan.FromHours(20), TimeSpan.FromHours(23) };
        var sessions = new List<PaymentSessionView>();
        foreach (var length in lengths)
        {
            sessions.Add(await shop.NewSessionAsync(UnderIt(shop, clock, world.Network.Usdc) with { ExpiresIn = length }));
        }

        await AdvanceAsync(shop, clock, Start + TimeSpan.FromDays(2));
        await UntilReadyAsync(shop, clock);

        sessions.Select(session => TimesOf(world, session.Id)[^1]).ShouldBe(
            [Start + lengths[1], Start + lengths[1], Start + lengths[3], Start + lengths[3]]);
    }

    [Fact]
    public async Task Whoever_drives_it_may_die_at_any_time_and_another_goes_on()
    {
        await using var world = await shared.StartOwnAsync(silos: 2);
        var shop = await TestMerchant.OpenAsync(world);
        var clock = await NewClockAsync(shop);
        var sessions = new List<PaymentSessionView>();
        for (var number = 0; number < 30; number++)
        {
            sessions.Add(await shop.NewSessionAsync(
                UnderIt(shop, clock, world.Network.Usdc) with { ExpiresIn = TimeSpan.FromMinutes(1 + (47 * number)) }));
        }

        await AdvanceAsync(shop, clock, Start + TimeSpan.FromDays(3));
        var sweep = TrySweepAsync(world);
        await TestWorld.UntilAsync(() => EndsOf(world, sessions[0]) == 1, "it has begun");
        await world.Cluster.KillSiloAsync(world.Cluster.Silos[1], TestContext.Current.CancellationToken);
        await world.FollowAgainAsync();
        await sweep;

        await TestWorld.UntilAsync(
            async () =>
            {
                await TrySweepAsync(world);
                return await IsReadyAsync(shop, clock);
            },
            "it arrives");
        sessions.ShouldAllBe(session => EndsOf(world, session) == 1);
    }

    [Fact]
    public async Task With_a_clock_that_is_deleted_all_ends_that_is_open_and_what_has_ended_keeps_its_time()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var clock = await NewClockAsync(shop);
        var (open, paid) = (await shop.NewSessionAsync(UnderIt(shop, clock)), await shop.NewSessionAsync(UnderIt(shop, clock)));
        shop.Pay(10 * Unit, paid.Id.Value);
        await shop.UntilPaidAsync(paid.Id);
        await shop.UntilBookAsync(book => book is { Pending: 0, Available: > 0 }, "it is booked");

        (await ClocksOf(world).DeleteAsync(shop.Id, clock, Cancelled)).ShouldBeTrue();

        var ended = await UntilSweptAsync(shop, open.Id, view => view.Status == PaymentSessionStatus.Canceled, "it is cancelled");
        (ended.CancellationReason, ended.CanceledAt).ShouldBe(("test_clock_deleted", Start));
        (await ClocksOf(world).FindAsync(shop.Id, clock, Cancelled)).ShouldBeNull();
        (await shop.CreateAsync(PaymentSessionId.New(TimeProvider.System), UnderIt(shop, clock))).Error!.Code.ShouldBe("test_clock_not_found");
        (await shop.RefundAsync(paid.Id, 4 * Unit)).Value!.CreatedAt.ShouldBe(Start);
        (await ClocksOf(world).DeleteAsync(shop.Id, clock, Cancelled)).ShouldBeFalse();
    }

    [Fact]
    public async Task Another_merchants_clock_is_none_and_one_that_moves_takes_nothing()
    {
        var world = await shared.ForTestAsync();
        var (shop, stranger) = (await TestMerchant.OpenAsync(world), await TestMerchant.OpenAsync(world));
        var clock = await NewClockAsync(shop);
        var clocks = ClocksOf(world);

        var id = PaymentSessionId.New(TimeProvider.System);
        (await stranger.CreateAsync(id, UnderIt(stranger, clock))).Error!.Code.ShouldBe("test_clock_not_found");
        world.Storage.Find("payment_session", id.Value).ShouldBeNull();
        (await clocks.FindAsync(stranger.Id, clock, Cancelled)).ShouldBeNull();
        (await clocks.AdvanceAsync(stranger.Id, clock, Start + Minutes15, key: null, Cancelled)).ShouldBe("unknown");
        (await clocks.AdmitAsync(stranger.Id, clock, 10, Cancelled)).ShouldBe("unknown");
        (await clocks.DeleteAsync(stranger.Id, clock, Cancelled)).ShouldBeFalse();
        (await clocks.FindAsync(shop.Id, clock, Cancelled))!.FrozenTime.ShouldBe(Start);

        (await clocks.AdvanceAsync(shop.Id, clock, Start, key: null, Cancelled)).ShouldBe("backwards");
        (await clocks.AdvanceAsync(shop.Id, clock, Start - Minutes15, key: null, Cancelled)).ShouldBe("backwards");
    }

    [Fact]
    public async Task Places_under_a_clock_and_clocks_of_a_merchant_are_so_many_however_many_ask_at_once()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var clock = await NewClockAsync(shop);
        var clocks = ClocksOf(world);

        var places = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => clocks.AdmitAsync(shop.Id, clock, 5, Cancelled)));
        var made = await Task.WhenAll(Enumerable.Range(0, 12)
            .Select(_ => clocks.AddAsync(NewClock(shop.Id, Start), 4, key: null, Cancelled)));

        places.Count(place => place == "admitted").ShouldBe(5);
        places.Count(place => place == "full").ShouldBe(7);
        made.Count(isMade => isMade).ShouldBe(3);
        await clocks.GiveBackAsync(clock, Cancelled);
        (await clocks.AdmitAsync(shop.Id, clock, 5, Cancelled)).ShouldBe("admitted");
    }

    [Fact]
    public async Task What_could_not_be_stored_is_woken_again_and_holds_no_other_clock()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var (clock, sound) = (await NewClockAsync(shop), await NewClockAsync(shop));
        var (session, other) = (await shop.NewSessionAsync(UnderIt(shop, clock)), await shop.NewSessionAsync(UnderIt(shop, sound)));
        for (var time = 0; time < 3; time++)
        {
            world.Storage.FailNextWrite(
                "payment_session", Failing.BeforeTheWrite,
                json => json.Contains(clock.Value, StringComparison.Ordinal) && json.Contains("Expired", StringComparison.Ordinal));
        }

        await AdvanceAsync(shop, clock, Start + TimeSpan.FromDays(1));
        await AdvanceAsync(shop, sound, Start + TimeSpan.FromDays(1));
        await UntilReadyAsync(shop, sound);
        (await shop.ViewAsync(other.Id)).Status.ShouldBe(PaymentSessionStatus.Expired);

        await UntilReadyAsync(shop, clock);
        (await shop.ViewAsync(session.Id)).Status.ShouldBe(PaymentSessionStatus.Expired);
        EndsOf(world, session).ShouldBe(1);
    }

    private static ITestClocks ClocksOf(TestWorld world) => world.Port<ITestClocks>();

    private static TestClock NewClock(MerchantId merchant, DateTimeOffset at) => new(
        TestClockId.New(TimeProvider.System), merchant, "A year", TimeProvider.System.GetUtcNow(),
        TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(30_000), at);

    private static async Task<TestClockId> NewClockAsync(TestMerchant shop, DateTimeOffset? at = null)
    {
        var clock = NewClock(shop.Id, at ?? Start);
        (await ClocksOf(shop.World).AddAsync(clock, 20, key: null, Cancelled)).ShouldBeTrue();
        return clock.Id;
    }

    // As the front door does it.
    private static NewPaymentSession UnderIt(TestMerchant shop, TestClockId clock, params string[] assets) =>
        shop.Order(1_000, assets) with { TestClock = clock.Value };

    private static async Task AdvanceAsync(TestMerchant shop, TestClockId clock, DateTimeOffset to) =>
        (await ClocksOf(shop.World).AdvanceAsync(shop.Id, clock, to, key: null, Cancelled)).ShouldBe("moving");

    private static async Task<bool> IsReadyAsync(TestMerchant shop, TestClockId clock) =>
        (await ClocksOf(shop.World).FindAsync(shop.Id, clock, Cancelled))!.Status == "ready";

    private static Task UntilReadyAsync(TestMerchant shop, TestClockId clock) => TestWorld.UntilAsync(
        async () =>
        {
            await shop.World.SweepAsync();
            return await IsReadyAsync(shop, clock);
        },
        "the clock is ready");

    private static async Task<PaymentSessionView> UntilSweptAsync(
        TestMerchant shop, PaymentSessionId session, Func<PaymentSessionView, bool> isSo, string what)
    {
        await TestWorld.UntilAsync(
            async () =>
            {
                await shop.World.SweepAsync();
                return isSo(await shop.ViewAsync(session));
            },
            what);
        return await shop.ViewAsync(session);
    }

    // While a silo is not known to be dead, its partitions do not answer.
    private static async Task TrySweepAsync(TestWorld world)
    {
        try
        {
            await world.SweepAsync();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            TestContext.Current.SendDiagnosticMessage(exception.Message);
        }
    }

    private static DateTimeOffset[] TimesOf(TestWorld world, PaymentSessionId session) =>
        [.. world.Storage.Events.Where(each => (string)each["subject"]! == session.Value).Select(each => (DateTimeOffset)each["at"]!)];

    private static int EndsOf(TestWorld world, PaymentSessionView session) => world.Storage.Events.Count(each =>
        (string)each["type"]! == "payment_session.expired" && (string)each["subject"]! == session.Id.Value);
}
