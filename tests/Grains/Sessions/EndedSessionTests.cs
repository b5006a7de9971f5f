using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Sessions;

public abstract class EndedSessionTests(SharedWorld shared)
{
    private const long Unit = TestMerchant.Unit;
    private static readonly TimeSpan Minutes15 = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task It_expires_only_when_the_ledgers_up_to_its_end_are_read_and_gives_the_part_back()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var session = await shop.NewSessionAsync(1_000);
        shop.Pay(4 * Unit, session.Id.Value);
        await shop.UntilBookAsync(book => book.Pending == 4 * Unit, "a part came");

        world.Business.Advance(Minutes15);
        await world.SweepAsync();
        (await shop.ViewAsync(session.Id)).Status.ShouldBe(PaymentSessionStatus.Created);
        shop.Pass(TimeSpan.FromSeconds(10));
        world.Network.Look(ledger => ledger.ClockOffset += Minutes15);
        world.Network.Issue(world.Network.NewOutsider(), 1);
        await TestWorld.UntilAsync(
            async () =>
            {
                await world.SweepAsync();
                return (await shop.ViewAsync(session.Id)).Status == PaymentSessionStatus.Expired;
            },
            "it expires");

        await shop.UntilBookAsync(book => book is { Pending: 0, Held: 4 * Unit, Available: 0, Fees: 0 }, "the part is held");
        shop.TypesOf(session.Id).ShouldBe(["payment_session.created", "payment_session.underpaid", "payment_session.expired"]);
    }

    [Fact]
    public async Task What_was_in_time_counts_though_it_is_read_after_the_end()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var session = await shop.NewSessionAsync(1_000);
        world.Network.HoldFeed(true);
        shop.Pay(10 * Unit, session.Id.Value);
        shop.Pass(Minutes15 + Minutes15);
        await world.SweepAsync();
        (await shop.ViewAsync(session.Id)).Status.ShouldBe(PaymentSessionStatus.Created);

        world.Network.HoldFeed(false);

        await shop.UntilPaidAsync(session.Id);
    }

    [Fact]
    public async Task What_comes_too_late_is_recorded_and_held_and_changes_no_status()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var session = await shop.NewSessionAsync(1_000);
        shop.Pass(Minutes15 + TimeSpan.FromSeconds(30));
        shop.Pay(10 * Unit, session.Id.Value);

        var late = await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "it came");
        await TestWorld.UntilAsync(
            async () =>
            {
                await world.SweepAsync();
                return (await shop.ViewAsync(session.Id)).Status == PaymentSessionStatus.Expired;
            },
            "it expires");

        (late.Payments.Single().Verdict, late.Received).ShouldBe((SessionPaymentVerdict.Late, 0));
        (await shop.ViewAsync(session.Id)).Facts.ShouldBe(["late"]);
        await shop.UntilBookAsync(book => book is { Held: 10 * Unit, Available: 0, Fees: 0 }, "it is held");
    }

    [Fact]
    public async Task Cancelling_judges_first_what_the_ledger_holds()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var (paid, unpaid) = (await shop.NewSessionAsync(1_000), await shop.NewSessionAsync(1_000));
        var wanted = shop.Pay(10 * Unit, paid.Id.Value).Ledger;
        await TestWorld.UntilAsync(async () => await WatermarkAsync(world) >= wanted, "the ledger was read");

        var refused = await shop.GrainOf(paid.Id).CancelAsync(shop.Id, null);
        var cancelled = await shop.GrainOf(unpaid.Id).CancelAsync(shop.Id, "out of stock");

        (refused.Error!.Code, (await shop.ViewAsync(paid.Id)).Status).ShouldBe(("payment_session_not_open", PaymentSessionStatus.Paid));
        (cancelled.Value!.Status, cancelled.Value.CancellationReason).ShouldBe((PaymentSessionStatus.Canceled, "out of stock"));
        (await shop.GrainOf(unpaid.Id).CancelAsync(shop.Id, null)).Value!.CancellationReason.ShouldBe("out of stock");
        shop.Pay(10 * Unit, unpaid.Id.Value);
        (await shop.UntilAsync(unpaid.Id, view => view.PaymentCount == 1, "it came")).Payments[0].Verdict.ShouldBe(SessionPaymentVerdict.Late);
        (await shop.ViewAsync(unpaid.Id)).Status.ShouldBe(PaymentSessionStatus.Canceled);
    }

    [Fact]
    public async Task Whoever_sends_much_is_told_of_twenty_times_and_then_once_an_hour()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var session = await shop.NewSessionAsync(1_000);

        shop.Pay(1_000, session.Id.Value, operations: 600);

        var view = await shop.UntilAsync(session.Id, each => each.PaymentCount == 600, "all came");
        (view.Payments.Length, view.ReceivedStroops).ShouldBe((PaymentSessionBook.MostPayments, 600_000));
        var real = shop.Pay((10 * Unit) - 600_000, session.Id.Value);
        var paid = await shop.UntilPaidAsync(session.Id);
        (paid.PaidBy, paid.Payments.Length, paid.Payments[^1].TransactionHash).ShouldBe(
            (real.TransactionHash, PaymentSessionBook.MostPayments, real.TransactionHash));
        shop.TypesOf(session.Id).Count(type => type == "payment_session.underpaid").ShouldBe(20);
        await shop.UntilBookAsync(book => book is { Pending: 0, Unallocated: 0, OnLedger: 10 * Unit }, "all is judged");
        world.Storage.Stored("payment_session", session.Id.Value).ToJsonString().Length.ShouldBeLessThan(4_096);
    }

    [Theory]
    [InlineData("payment_session", Failing.BeforeTheWrite)]
    [InlineData("payment_session", Failing.AfterTheWriteTookEffect)]
    [InlineData("merchant", Failing.BeforeTheWrite)]
    [InlineData("merchant", Failing.AfterTheWriteTookEffect)]
    public async Task Whatever_write_fails_each_stroop_is_booked_once_and_judged_once(string state, Failing how)
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var session = await shop.NewSessionAsync(1_000);
        foreach (var (part, times) in new[] { (4, 1), (7, 2), (3, 1) })
        {
            for (var time = 0; time < times; time++)
            {
                world.Storage.FailNextWrite(state, how, json => json.Contains(shop.Address, StringComparison.Ordinal));
            }

            shop.Pay(part * Unit, session.Id.Value);
        }

        await TestWorld.UntilAsync(
            async () =>
            {
                await world.SweepAsync();
                return await shop.BookAsync() is { Unallocated: 0, Pending: 0, OnLedger: 14 * Unit };
            },
            "all is judged");
        var book = await shop.BookAsync();
        (book.Available, book.Fees, book.Held).ShouldBe((139 * Unit / 10, Unit / 10, 0));
        shop.TypesOf(session.Id).Count(type => type == "payment_session.paid").ShouldBe(1);
        (await shop.ViewAsync(session.Id)).PaymentCount.ShouldBe(3);
    }

    [Fact]
    public async Task What_came_too_late_and_is_accepted_makes_one_session_that_is_paid_once_however_many_ask()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var old = await LateAsync(shop, 12 * Unit);
        await shop.UntilBookAsync(book => book is { Held: 12 * Unit, Available: 0 }, "it is held");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AcceptAsync(shop, old.Id, old.Payments[0])));

        answers.ShouldAllBe(answer => answer.IsSuccess);
        var born = answers[0].Value!;
        answers.Select(answer => answer.Value!.Id).Distinct().ShouldBe([born.Id]);
        (born.Status, born.RecoveredFrom, born.ReceivedStroops, born.Received, born.Currency, born.Amount, born.PaidBy).ShouldBe((
            PaymentSessionStatus.Paid, old.Id, 10 * Unit, 10 * Unit, old.Currency, old.Amount, old.Payments[0].TransactionHash));
        born.Facts.ShouldBe(["overpaid", "late"]);
        born.Locks.ShouldBe(old.Locks);
        await shop.UntilBookAsync(
            book => book is { Held: 0, Pending: 0, Available: 119 * Unit / 10, Fees: Unit / 10, OnLedger: 12 * Unit }, "it is sold");
        var ended = await shop.ViewAsync(old.Id);
        (ended.Status, ended.AcceptedAs, ended.AcceptedPayment).ShouldBe(
            (PaymentSessionStatus.Canceled, born.Id, new LedgerPlace(old.Payments[0].Token, old.Payments[0].Number)));
        shop.TypesOf(old.Id)[^1].ShouldBe("payment_session.accepted");
        shop.TypesOf(born.Id).ShouldBe(["payment_session.created", "payment_session.paid", "payment_session.overpaid"]);

        // Paid once: what is sent to it afterwards is beyond its price, and nothing of it is another sale.
        shop.Pay(10 * Unit, born.Id.Value);
        var again = await shop.UntilAsync(born.Id, view => view.PaymentCount == 2, "it was paid again");
        (again.Status, again.ReceivedStroops, again.Payments[1].Verdict).ShouldBe(
            (PaymentSessionStatus.Paid, 10 * Unit, SessionPaymentVerdict.Overpaid));
        (await AcceptAsync(shop, born.Id, again.Payments[1])).Error!.Code.ShouldBe("payment_not_late");
        await shop.UntilBookAsync(book => book is { Available: 219 * Unit / 10, Fees: Unit / 10 }, "one fee, for one sale");
        shop.TypesOf(born.Id).Count(type => type == "payment_session.paid").ShouldBe(1);
        shop.Pay(10 * Unit, old.Id.Value);
        var second = await shop.UntilAsync(old.Id, view => view.PaymentCount == 2, "it came twice");
        (await AcceptAsync(shop, old.Id, second.Payments[1])).Error!.Code.ShouldBe("payment_session_accepted");
        (await shop.ViewAsync(old.Id)).AcceptedAs.ShouldBe(born.Id);
    }

    [Fact]
    public async Task What_is_accepted_cannot_be_given_back_as_late_and_what_is_given_back_cannot_be_accepted()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        foreach (var _ in Enumerable.Range(0, 4))
        {
            var old = await LateAsync(shop, 10 * Unit);
            var refund = Task.Run(() => shop.RefundAsync(old.Id, payment: old.Payments[0]));
            var accepted = await AcceptAsync(shop, old.Id, old.Payments[0]);
            var refunded = await refund;
            (refunded.IsSuccess, accepted.IsSuccess, refunded.Error?.Code ?? accepted.Error?.Code).ShouldBe(
                refunded.IsSuccess ? (true, false, "payment_refunded") : (false, true, "payment_accepted"));
        }

        var late = await LateAsync(shop, 10 * Unit);
        var born = (await AcceptAsync(shop, late.Id, late.Payments[0])).Value!;
        (await shop.RefundAsync(late.Id, payment: late.Payments[0])).Error!.Code.ShouldBe("payment_accepted");
        // As of any sale, what is refunded of it is what counted, to who paid it.
        var back = (await shop.RefundAsync(born.Id, 4 * Unit)).Value!;
        (back.Legs.ShouldHaveSingleItem().To, back.Stroops).ShouldBe((late.Payments[0].From, 4 * Unit));
        await shop.UntilRefundAsync(back.Id, RefundStatus.Succeeded);

        var given = await LateAsync(shop, 10 * Unit);
        var half = (await shop.RefundAsync(given.Id, 5 * Unit, given.Payments[0])).Value!;
        (await AcceptAsync(shop, given.Id, given.Payments[0])).Error!.Code.ShouldBe("payment_refunded");
        await shop.UntilRefundAsync(half.Id, RefundStatus.Succeeded);
        (await AcceptAsync(shop, given.Id, given.Payments[0])).Error!.Code.ShouldBe("payment_refunded");
        await shop.UntilBookAsync(book => book is { Pending: 0, Refunds: 0, Unallocated: 0 }, "all of it is somebody's");
    }

    [Fact]
    public async Task Only_a_late_payment_of_the_whole_price_in_an_asset_that_has_one_is_accepted_and_only_by_its_merchant()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionAsync(shop.Order(1_000, shop.World.Network.Usdc) with { ToleranceBasisPoints = 100 });
        shop.Pay(4 * Unit, session.Id.Value);
        await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "a part came in time");
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        shop.Pay((99 * Unit / 10) - 1, session.Id.Value);
        await shop.UntilAsync(session.Id, view => view.PaymentCount == 2, "one is a stroop short");
        shop.Pay(100 * Unit, session.Id.Value, asset: "native");
        await shop.UntilAsync(session.Id, view => view.PaymentCount == 3, "lumens came");
        shop.Pay(99 * Unit / 10, session.Id.Value);
        var ended = await shop.UntilAsync(session.Id, view => view.PaymentCount == 4, "enough came");

        foreach (var (payment, code) in ended.Payments.Zip(["payment_not_late", "payment_below_price", "payment_asset_not_taken"]))
        {
            (await AcceptAsync(shop, session.Id, payment)).Error!.Code.ShouldBe(code);
        }

        (await AcceptAsync(shop, session.Id, ended.Payments[0] with { Number = 7 })).Error!.Code.ShouldBe("payment_not_found");
        var stranger = await TestMerchant.OpenAsync(shop.World);
        (await AcceptAsync(stranger, session.Id, ended.Payments[3])).Error!.Code.ShouldBe("payment_session_not_found");
        (await shop.ViewAsync(session.Id)).AcceptedAs.ShouldBeNull();
        var born = (await AcceptAsync(shop, session.Id, ended.Payments[3])).Value!;
        (born.Status, born.ReceivedStroops, born.Facts.Single()).ShouldBe((PaymentSessionStatus.Paid, 99 * Unit / 10, "late"));
    }

    [Theory]
    [InlineData("payment_session", Failing.BeforeTheWrite, 1)]
    [InlineData("payment_session", Failing.AfterTheWriteTookEffect, 1)]
    [InlineData("payment_session", Failing.AfterTheWriteTookEffect, 2)]
    [InlineData("merchant", Failing.BeforeTheWrite, 1)]
    [InlineData("merchant", Failing.AfterTheWriteTookEffect, 1)]
    public async Task Whatever_write_fails_what_is_accepted_is_sold_once(string state, Failing how, int times)
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var old = await LateAsync(shop, 10 * Unit);
        await shop.UntilBookAsync(book => book is { Held: 10 * Unit }, "it is held");
        for (var time = 0; time < times; time++)
        {
            world.Storage.FailNextWrite(state, how, json => json.Contains(shop.Address, StringComparison.Ordinal));
        }

        PaymentSessionView? born = null;
        await TestWorld.UntilAsync(
            async () =>
            {
                try
                {
                    born = (await AcceptAsync(shop, old.Id, old.Payments[0])).Value;
                }
                catch (Exception failed) when (failed.Message.Length > 0 && born is null)
                {
                    // Who asks does not know what came of it, and asks again.
                }

                return born is not null;
            },
            "it is accepted");

        await world.UntilAfterSweepsAsync(
            async () => await shop.BookAsync() is { Held: 0, Pending: 0, Available: 99 * Unit / 10, Fees: Unit / 10 }, "it is sold");
        (await AcceptAsync(shop, old.Id, old.Payments[0])).Value!.Id.ShouldBe(born!.Id);
        shop.TypesOf(born.Id).ShouldBe(["payment_session.created", "payment_session.paid"]);
        shop.TypesOf(old.Id).Count(type => type == "payment_session.accepted").ShouldBe(1);
    }

    [Fact]
    public async Task Who_accepts_and_dies_then_has_made_the_session_which_is_found_without_him()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var old = await LateAsync(shop, 10 * Unit);
        world.Storage.FailNextWrite(
            "payment_session", Failing.AfterTheWriteTookEffect, json => json.Contains(shop.Address, StringComparison.Ordinal));

        await Should.ThrowAsync<Exception>(() => AcceptAsync(shop, old.Id, old.Payments[0]));

        var born = (await shop.ViewAsync(old.Id)).AcceptedAs!.Value;
        await world.UntilAfterSweepsAsync(
            async () => (await shop.GrainOf(born).GetAsync(shop.Id)).Value?.Status == PaymentSessionStatus.Paid, "it is there, and paid");
        await world.UntilAfterSweepsAsync(async () => await shop.BookAsync() is { Held: 0, Available: 99 * Unit / 10 }, "and booked");
    }

    private static Task<Result<PaymentSessionView>> AcceptAsync(TestMerchant shop, PaymentSessionId session, SessionPayment payment) =>
        shop.AcceptAsync(session, payment);

    // A session of ten dollars that was cancelled, and what came for it then.
    private static async Task<PaymentSessionView> LateAsync(TestMerchant shop, long stroops)
    {
        var session = await shop.NewSessionAsync(1_000);
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        shop.Pay(stroops, session.Id.Value);
        return await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "it came");
    }

    private static async Task<long> WatermarkAsync(TestWorld world) =>
        (await world.Grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key).GetStatusAsync()).LastLedger;

    // Given G-a: sessions stayed new where nobody looked.
    [Fact]
    public async Task Sessions_that_nobody_looks_at_expire_once_each_though_a_silo_dies_meanwhile()
    {
        await using var world = await shared.StartOwnAsync(silos: 2);
        var shop = await TestMerchant.OpenAsync(world);
        var sessions = new List<PaymentSessionView>();
        for (var number = 0; number < 25; number++)
        {
            sessions.Add(await shop.NewSessionAsync(shop.Order(1_000) with { ExpiresIn = TimeSpan.FromSeconds(60) }));
        }

        shop.Pass(TimeSpan.FromSeconds(30));
        await world.Cluster.KillSiloAsync(world.Cluster.Silos[1], TestContext.Current.CancellationToken);
        await world.FollowAgainAsync();
        shop.Pass(TimeSpan.FromSeconds(45));

        // Only what is stored is looked at: a session that is asked could look at its end by itself.
        await world.UntilAfterDeathAsync(() => Task.FromResult(sessions.TrueForAll(session => EndsOf(world, session) > 0)), "all expire");
        sessions.ShouldAllBe(session => EndsOf(world, session) == 1);
    }

    private static int EndsOf(TestWorld world, PaymentSessionView session) => world.Storage.Events.Count(each =>
        (string)each["type"]! == "payment_session.expired" && (string)each["subject"]! == session.Id.Value);
}

[Trait("Length", "long")]
public sealed class MemoryEndedSessionTests(SharedWorld shared) : EndedSessionTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresEndedSessionTests(SharedPostgresWorld shared) : EndedSessionTests(shared), IClassFixture<SharedPostgresWorld>;
