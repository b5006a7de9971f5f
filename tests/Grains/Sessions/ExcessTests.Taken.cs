using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Sessions;

// What its merchant takes of what is held, and what waits to be decided.
public sealed partial class ExcessTests
{
    [Fact]
    public async Task What_is_late_is_not_sold_by_itself_where_the_session_is_paid_by_what_was_parked_meanwhile()
    {
        var shop = await OpenAsync(new ExcessChoices(OverPayments.Refund, LatePayments.Accept));
        var session = await shop.NewSessionAsync(1_000);
        shop.World.Storage.FailNextWrite("payment_session", Failing.Refused, json =>
            json.Contains(shop.Address, StringComparison.Ordinal) && json.Contains("\"paymentCount\":1", StringComparison.Ordinal));
        var inTime = shop.Pay(10 * Unit, session.Id.Value);
        await TestWorld.UntilAsync(
            () => Task.FromResult((int?)shop.World.Storage.Stored("payment_session", session.Id.Value)["parked"] == 1), "it is parked");
        shop.Pass(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(2));
        shop.Pay(10 * Unit, session.Id.Value);
        await shop.UntilAsync(session.Id, view => view.Payments is [{ Verdict: SessionPaymentVerdict.Late }], "another came too late");

        var control = shop.World.Grains.GetGrain<IPaymentSessionControl>(session.Id.Value);
        (await control.RetryParkedAsync(inTime.PagingToken, UserId.New(TimeProvider.System))).Value.ShouldBe(1);

        await shop.UntilPaidAsync(session.Id);
        await shop.UntilAsync(
            session.Id, view => view.Payments.Any(payment => payment.HeldReason == "payment_session_paid"), "the late one stays held");
        (await shop.ViewAsync(session.Id)).AcceptedAs.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_held_beyond_the_price_its_merchant_takes_once_or_gives_back()
    {
        var shop = await OpenAsync(new ExcessChoices(OverPayments.Hold, LatePayments.Hold));
        var session = await shop.NewSessionAsync(1_000);
        shop.Pay(12 * Unit, session.Id.Value);
        var over = (await shop.UntilPaidAsync(session.Id)).Payments[0];
        await shop.UntilBookAsync(book => book is { Held: 2 * Unit, Available: 99 * Unit / 10 }, "it is held");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.AcceptAsync(session.Id, over)));

        answers.ShouldAllBe(answer => answer.IsSuccess && answer.Value!.Id == session.Id && answer.Value.AcceptedAs == null);
        await shop.UntilBookAsync(
            book => book is { Held: 0, Pending: 0, Available: 119 * Unit / 10, Fees: Unit / 10, OnLedger: 12 * Unit }, "it is his, and bears no fee");
        shop.TypesOf(session.Id).Count(type => type == "payment_session.accepted").ShouldBe(1);
        // It is his to give back as what was kept.
        var refund = (await shop.RefundAsync(session.Id, payment: over)).Value!;
        await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        await shop.UntilBookAsync(book => book is { Held: 0, Available: 99 * Unit / 10, OnLedger: 10 * Unit, Refunds: 0 }, "it went of that");

        foreach (var _ in Enumerable.Range(0, 4))
        {
            var raced = await shop.NewSessionAsync(1_000);
            shop.Pay(12 * Unit, raced.Id.Value);
            var payment = (await shop.UntilPaidAsync(raced.Id)).Payments[0];
            var back = Task.Run(() => shop.RefundAsync(raced.Id, payment: payment));
            var accepted = await shop.AcceptAsync(raced.Id, payment);
            (accepted.Error?.Code ?? "payment_refunded").ShouldBe("payment_refunded");
            await shop.UntilRefundAsync((await back).Value!.Id, RefundStatus.Succeeded);
        }

        var half = await shop.NewSessionAsync(1_000);
        shop.Pay(12 * Unit, half.Id.Value);
        var part = (await shop.UntilPaidAsync(half.Id)).Payments[0];
        await shop.UntilRefundAsync((await shop.RefundAsync(half.Id, Unit, part)).Value!.Id, RefundStatus.Succeeded);
        (await shop.AcceptAsync(half.Id, part)).IsSuccess.ShouldBeTrue("the rest can be taken");
        await shop.UntilBookAsync(
            book => book is { Held: 0, Refunds: 0, Fees: 6 * Unit / 10, Available: (594 * Unit / 10) + Unit, OnLedger: 61 * Unit }, "all is somebody's");
        var given = await shop.NewSessionAsync(1_000);
        shop.Pay(12 * Unit, given.Id.Value);
        var whole = (await shop.UntilPaidAsync(given.Id)).Payments[0];
        await shop.UntilRefundAsync((await shop.RefundAsync(given.Id, payment: whole)).Value!.Id, RefundStatus.Succeeded);
        (await shop.AcceptAsync(given.Id, whole)).Error!.Code.ShouldBe("payment_refunded");
    }

    [Fact]
    public async Task What_waits_for_the_network_is_looked_at_ever_less_often_and_is_its_merchants_to_take_meanwhile()
    {
        var shop = await OpenAsync(Refunds);
        var session = await shop.NewSessionAsync(1_000);
        var asked = 0;
        shop.World.Network.BeforeAccount = _ =>
        {
            Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        };
        shop.World.Network.Down = true;
        shop.Pay(12 * Unit, session.Id.Value);
        var payment = (await shop.UntilPaidAsync(session.Id)).Payments[0];
        await TestWorld.UntilAsync(() => Task.FromResult(Volatile.Read(ref asked) > 0), "the network is asked");

        foreach (var gap in new[] { 20, 40, 80, 160 })
        {
            shop.World.Business.Advance(DueAt() - shop.World.Business.GetUtcNow());
            await shop.GrainOf(session.Id).WakeAsync();
            (DueAt() - shop.World.Business.GetUtcNow()).ShouldBe(TimeSpan.FromSeconds(gap));
        }

        for (var wake = 0; wake < 200; wake++)
        {
            await shop.GrainOf(session.Id).WakeAsync();
        }

        asked.ShouldBeLessThan(20, "whoever is woken does not ask again before its time");
        (await shop.AcceptAsync(session.Id, payment)).IsSuccess.ShouldBeTrue();
        shop.World.Network.BeforeAccount = null;
        shop.World.Network.Down = false;
        await shop.UntilBookAsync(book => book is { Held: 0, Available: 119 * Unit / 10, Refunds: 0 }, "it is his");
        (shop.World.Storage.Stored("payment_session", session.Id.Value)["undecided"]?.AsArray().Count ?? 0).ShouldBe(0);

        DateTimeOffset DueAt() => (DateTimeOffset)shop.World.Storage.Stored("payment_session", session.Id.Value)["dueAt"]!;
    }

    [Fact]
    public async Task What_comes_while_another_was_tried_often_does_not_wait_as_long()
    {
        var shop = await OpenAsync(Refunds);
        var session = await shop.NewSessionAsync(1_000);
        shop.World.Network.Down = true;
        shop.Pay(12 * Unit, session.Id.Value);
        await shop.UntilPaidAsync(session.Id);
        await TestWorld.UntilAsync(() => Task.FromResult(UntilDue() == TimeSpan.FromSeconds(10)), "it is to be decided");
        for (var wake = 0; wake < 3; wake++)
        {
            shop.World.Business.Advance(UntilDue());
            await shop.GrainOf(session.Id).WakeAsync();
        }

        UntilDue().ShouldBe(TimeSpan.FromSeconds(80));
        shop.Pay(12 * Unit, session.Id.Value);

        await TestWorld.UntilAsync(() => Task.FromResult(UntilDue() == TimeSpan.FromSeconds(10)), "what is new is looked at soon");
        shop.World.Network.Down = false;
        await shop.UntilAsync(
            session.Id, view => view.Refunds.Count(refund => refund.Status == RefundStatus.Succeeded) == 2, "both are given back");

        TimeSpan UntilDue() => (DateTimeOffset)shop.World.Storage.Stored("payment_session", session.Id.Value)["dueAt"]!
            - shop.World.Business.GetUtcNow();
    }

    [Fact]
    public async Task Whom_nobody_can_ask_about_keeps_nobody_from_getting_his_back()
    {
        var shop = await OpenAsync(Refunds);
        var session = await EndedAsync(shop, shop.Order(1_000));
        var (odd, payer) = (shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        shop.World.Network.BeforeAccount = address => address == odd
            ? Task.FromException(new InvalidOperationException("Nobody understands what is said of him."))
            : Task.CompletedTask;

        shop.Pay(10 * Unit, session.Id.Value, from: odd);
        shop.Pay(9 * Unit, session.Id.Value, from: payer);

        (await UntilRefundedAsync(shop, session.Id)).Legs.Single().To.ShouldBe(payer);
        shop.World.Network.BeforeAccount = null;
        await shop.UntilAsync(
            session.Id, view => view.Refunds.Count(refund => refund.Status == RefundStatus.Succeeded) == 2, "he gets his when that has passed");
    }
}
