using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Sessions;

/// <summary>
/// What a session tells its merchant of a movement that he never books, or that he cannot take in. The bug kept away: it waited for
/// ever, and with it all that the session told after.
/// </summary>
public abstract class UnbookedVerdictTests(SharedWorld shared)
{
    private const long Unit = TestMerchant.Unit;

    // What a movement brings by which a merchant learns that there is something.
    private const long Poke = 1;
    private static readonly UserId Operator = UserId.New(TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_verdict_on_a_movement_that_an_operator_closed_moves_nothing_and_is_told_and_what_follows_goes_on()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var (session, other) = (await shop.NewSessionAsync(1_000), await shop.NewSessionAsync(1_000));
        shop.Pay(4 * Unit, other.Id.Value);
        shop.Pay(1);
        await shop.UntilBookAsync(book => book is { Pending: 4 * Unit, Unallocated: 1 }, "a part of another session is pending");

        // More than there can be with what is there: the merchant parks it, the session is paid by it.
        var poison = shop.Pay(long.MaxValue, session.Id.Value);
        await shop.UntilPaidAsync(session.Id);
        await TestWorld.UntilAsync(
            async () => (await world.Port<IParkedRows>().FindAsync(poison.PagingToken, Cancelled)).Count == 1, "the movement is parked");
        (await shop.Control.CloseParkedAsync(poison.PagingToken, Operator)).Value.ShouldBe(1);

        await TestWorld.UntilAsync(() => Task.FromResult(PassedOver(shop).Length == 1), "it is told that the verdict moved nothing");
        shop.Pay(Unit, session.Id.Value);
        await shop.UntilBookAsync(book => book.Available == Unit, "what is paid to it after is booked");
        var told = PassedOver(shop).Single();
        ((string?)told["session"], (bool?)told["movementClosed"], (string?)told["settled"]).ShouldBe((session.Id.Value, true, "0.0000000"));
        // The session settles ten dollars that were never pending: the four of the other are not taken for them.
        (await shop.BookAsync()).ShouldSatisfyAllConditions(
            book => (book.Pending, book.Unallocated, book.Fees, book.OnLedger).ShouldBe((4 * Unit, 1, 0, (5 * Unit) + 1)));
        shop.Pay(6 * Unit, other.Id.Value);
        await shop.UntilBookAsync(book => book is { Pending: 0, Fees: Unit / 10 }, "the other is sold");
    }

    [Fact]
    public async Task What_a_merchant_cannot_take_in_is_shown_tried_again_and_closed_and_what_follows_it_goes_on()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var sender = PaymentSessionId.New(TimeProvider.System).Value;
        var asset = shop.World.Network.Usdc;

        await TellAsync(
            shop, sender, new SessionVerdict(sender, asset, Received: 5 * Unit, Kept: 5 * Unit),
            new SessionVerdict(sender, asset, Received: 2 * Unit, Kept: 2 * Unit));
        var row = await AsideAsync(shop);
        (row.Row.Sender.Key, row.Status, row.Attempts, row.Row.Number).ShouldBe((sender, SetAsideStatus.Waiting, 1, 1));
        row.Error.ShouldContain("unallocated");

        (await shop.Control.RetrySetAsideAsync(row.Id, Operator)).Error!.Code.ShouldBe("set_aside_row_refused");
        (await world.Port<ISetAsideRows>().FindAsync(row.Id, Cancelled))!.Attempts.ShouldBe(2);
        shop.Pay(7 * Unit);
        await shop.UntilBookAsync(book => book.Unallocated == (7 * Unit) + Poke, "there is enough now, and the rows wait still");
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => shop.Control.RetrySetAsideAsync(row.Id, Operator)));

        answers.Sum(answer => answer.Value).ShouldBe(1);
        await shop.UntilBookAsync(book => book is { Available: 7 * Unit, Unallocated: Poke }, "both are taken in");
        var done = (await world.Port<ISetAsideRows>().FindAsync(row.Id, Cancelled))!;
        (done.Status, done.ResolvedBy).ShouldBe((SetAsideStatus.Applied, Operator.Value));
        (await shop.Control.CloseSetAsideAsync(row.Id, Operator)).Error!.Code.ShouldBe("set_aside_row_not_found");
    }

    [Fact]
    public async Task What_an_operator_gives_up_moves_nothing_is_told_and_lets_the_next_through()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var sender = PaymentSessionId.New(TimeProvider.System).Value;
        var asset = shop.World.Network.Usdc;
        shop.Pay(7 * Unit);
        await shop.UntilBookAsync(book => book.Unallocated == 7 * Unit, "something is there");

        await TellAsync(
            shop, sender, new SessionVerdict(sender, asset, Received: 50 * Unit, Counted: 50 * Unit),
            new SessionVerdict(sender, asset, Received: 2 * Unit, Counted: 2 * Unit),
            new SessionVerdict(sender, asset, Settled: 52 * Unit));
        var row = await AsideAsync(shop);
        var stranger = await TestMerchant.OpenAsync(world);
        (await stranger.Control.CloseSetAsideAsync(row.Id, Operator)).Error!.Code.ShouldBe("set_aside_row_not_found");
        (await shop.Control.CloseSetAsideAsync(row.Id, Operator)).Value.ShouldBe(1);

        await shop.UntilBookAsync(book => book is { Unallocated: (5 * Unit) + Poke, Pending: 0 } && book.Available > 0, "the next are taken in");
        (await shop.BookAsync()).OnLedger.ShouldBe((7 * Unit) + Poke);
        ((string?)PassedOver(shop).Single()["received"]).ShouldBe("50.0000000");
        (await world.Port<ISetAsideRows>().ListAsync(open: true, null, 100, Cancelled)).ShouldNotContain(one => one.Id == row.Id);
        (await world.Port<ISetAsideRows>().ListAsync(open: false, null, 100, Cancelled))
            .ShouldContain(one => one.Id == row.Id && one.Status == SetAsideStatus.Closed);
        (world.Storage.Stored(MerchantState.Name, shop.Id.Value)["unbooked"]?.AsArray().Count ?? 0).ShouldBe(0);
    }

    [Fact]
    public async Task What_nobody_can_read_can_be_closed()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var sender = PaymentSessionId.New(TimeProvider.System).Value;

        await TellAsync(shop, sender, (JsonSerializer.SerializeToElement(new[] { "odd" }), (LedgerPlace?)null));
        var row = await AsideAsync(shop);
        (await shop.Control.CloseSetAsideAsync(row.Id, Operator)).Value.ShouldBe(1);

        ((string?)PassedOver(shop).Single()["session"]).ShouldBe(sender);
    }

    [Fact]
    public async Task What_is_accepted_of_a_movement_that_an_operator_closes_moves_nothing_and_the_session_made_of_it_gives_nothing_back()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var (old, other) = (await shop.NewSessionAsync(1_000), await shop.NewSessionAsync(1_000));
        foreach (var session in new[] { old, other })
        {
            (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        }

        shop.Pay(50 * Unit, other.Id.Value);
        shop.Pay(1);
        await shop.UntilBookAsync(book => book is { Held: 50 * Unit, Unallocated: 1 }, "another's is held");
        // More than there can be with what is there: the merchant parks it.
        var poison = shop.Pay(long.MaxValue, old.Id.Value);
        await TestWorld.UntilAsync(
            async () => (await world.Port<IParkedRows>().FindAsync(poison.PagingToken, Cancelled)).Count == 1, "the movement is parked");
        var late = (await shop.UntilAsync(old.Id, view => view.PaymentCount == 1, "it came")).Payments[0];
        var born = (await shop.AcceptAsync(old.Id, late)).Value!;
        (await shop.Control.CloseParkedAsync(poison.PagingToken, Operator)).Value.ShouldBe(1);

        await TestWorld.UntilAsync(() => Task.FromResult(PassedOver(shop).Length == 2), "neither the verdict nor the acceptance moves anything");
        (await shop.BookAsync()).ShouldSatisfyAllConditions(
            book => (book.Held, book.Pending, book.Available, book.Fees).ShouldBe((50 * Unit, 0, 0, 0), "another's is another's"));
        await TestWorld.UntilAsync(
            async () => (await shop.RefundAsync(born.Id, Unit)).Error?.Code == "refund_payers_unknown", "it can give nothing back");
        (await shop.GrainOf(other.Id).AcceptAsync(
            shop.Id, PlaceOf((await shop.ViewAsync(other.Id)).Payments[0]), Cancelled)).IsSuccess.ShouldBeTrue();
        await shop.UntilBookAsync(book => book is { Held: 0, Fees: Unit / 10, Available: 499 * Unit / 10 }, "another's is sold");
    }

    [Fact]
    public async Task What_is_accepted_although_an_operator_gave_up_that_it_is_held_moves_nothing()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var sender = PaymentSessionId.New(TimeProvider.System).Value;
        var born = await shop.NewSessionAsync(1_000);
        var asset = shop.World.Network.Usdc;
        shop.Pay(7 * Unit);
        await shop.UntilBookAsync(book => book.Unallocated == 7 * Unit, "something is there");

        await TellAsync(
            shop, sender, About(new SessionVerdict(sender, asset, Received: 50 * Unit, Held: 50 * Unit)),
            About(new SessionVerdict(born.Id.Value, asset, Settled: 50 * Unit, Accepted: 50 * Unit)),
            (new SessionVerdict(sender, asset, Received: 7 * Unit, Held: 7 * Unit).ToJson(), null));
        (await shop.Control.CloseSetAsideAsync((await AsideAsync(shop)).Id, Operator)).Value.ShouldBe(1);

        await shop.UntilBookAsync(book => book is { Unallocated: Poke, Held: 7 * Unit, Pending: 0, Available: 0 }, "what is held is another's");
        PassedOver(shop).Select(told => (string?)told["session"]).ShouldBe([sender, sender]);

        static (JsonElement, LedgerPlace?) About(SessionVerdict verdict) => (verdict.ToJson(), new LedgerPlace(1, 1));
    }

    [Fact]
    public async Task What_is_to_be_given_back_of_a_movement_that_an_operator_closes_is_paid_of_nobody_elses_money()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var (old, other) = (await shop.NewSessionAsync(1_000), await shop.NewSessionAsync(1_000));
        foreach (var session in new[] { old, other })
        {
            (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        }

        shop.Pay(50 * Unit, other.Id.Value);
        shop.Pay(1);
        await shop.UntilBookAsync(book => book is { Held: 50 * Unit, Unallocated: 1 }, "another's is held");
        var poison = shop.Pay(long.MaxValue, old.Id.Value);
        await TestWorld.UntilAsync(
            async () => (await world.Port<IParkedRows>().FindAsync(poison.PagingToken, Cancelled)).Count == 1, "the movement is parked");
        var late = (await shop.UntilAsync(old.Id, view => view.PaymentCount == 1, "it came")).Payments[0];
        var refund = (await shop.RefundAsync(old.Id, 50 * Unit, late)).Value!;
        (await shop.Control.CloseParkedAsync(poison.PagingToken, Operator)).Value.ShouldBe(1);

        (await shop.UntilRefundAsync(refund.Id, RefundStatus.Failed)).FailureReason.ShouldBe("closed_by_operator");
        (await shop.BookAsync()).ShouldSatisfyAllConditions(book => (book.Held, book.Refunds).ShouldBe((50 * Unit, 0)));
        var back = (await shop.RefundAsync(other.Id, payment: (await shop.ViewAsync(other.Id)).Payments[0])).Value!;
        await shop.UntilRefundAsync(back.Id, RefundStatus.Succeeded);
    }

    [Fact]
    public async Task What_is_to_be_given_back_although_an_operator_gave_up_that_it_is_held_is_paid_to_nobody()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var session = PaymentSessionId.New(TimeProvider.System);
        var (asset, place) = (shop.World.Network.Usdc, new LedgerPlace(1, 1));
        shop.Pay(7 * Unit);
        await shop.UntilBookAsync(book => book.Unallocated == 7 * Unit, "something is there");

        await TellAsync(
            shop, session.Value, (new SessionVerdict(session.Value, asset, Received: 50 * Unit, Held: 50 * Unit).ToJson(), place),
            (new RefundOrder(
                RefundId.Of(session, 1).Value, asset, IsHeld: true, [new RefundOrderLeg(world.Network.NewOutsider(), 7 * Unit, 0)],
                world.Business.GetUtcNow()).ToJson(), place),
            (new SessionVerdict(session.Value, asset, Received: 7 * Unit, Held: 7 * Unit).ToJson(), null));
        (await shop.Control.CloseSetAsideAsync((await AsideAsync(shop)).Id, Operator)).Value.ShouldBe(1);

        await shop.UntilBookAsync(book => book is { Unallocated: Poke, Held: 7 * Unit }, "what is held is another's");
        shop.Pay(Poke);
        await shop.UntilBookAsync(book => book.Unallocated == 2 * Poke, "it goes on");
        (await shop.BookAsync()).ShouldSatisfyAllConditions(book => (book.Held, book.Refunds).ShouldBe((7 * Unit, 0)));
    }

    [Fact]
    public async Task A_session_whose_number_is_anothers_is_made_all_the_same_and_what_is_paid_by_the_number_is_the_others()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var first = await shop.NewSessionAsync(1_000);
        // Their first 64 bits are the same.
        var text = first.Id.Value;
        var second = PaymentSessionId.Parse(text[..^1] + (text[^1] == '0' ? '1' : '0'));
        second.Number.ShouldBe(first.Id.Number);
        var payment = new SessionPayment(
            1, 1, new string('a', 64), 7, world.Business.GetUtcNow(), world.Network.NewOutsider(), null, world.Network.Usdc, 10 * Unit,
            10 * Unit, SessionPaymentVerdict.Counted);
        await TellAsync(
            shop, PaymentSessionId.New(TimeProvider.System).Value, new LedgerOwner(PaymentSessionState.Name, second.Value),
            [(new SessionBirth(
                first.Id.Value, shop.Id.Value, shop.Address, 0, first.Currency, first.Amount, first.Locks, 0, null, null, null, payment, 1,
                world.Business.GetUtcNow()).ToJson(), null)]);

        var born = (await world.Grains.GetGrain<IPaymentSessionGrain>(second.Value).BeginAsync(shop.Id)).Value!;

        (born.Status, born.RecoveredFrom).ShouldBe((PaymentSessionStatus.Paid, first.Id));
        shop.Pay(10 * Unit, memo: $"{first.Id.Number}", memoType: "id");
        await shop.UntilPaidAsync(first.Id);
        (await shop.ViewAsync(second)).PaymentCount.ShouldBe(1);
    }

    private static LedgerPlace PlaceOf(SessionPayment payment) => new(payment.Token, payment.Number);

    private static System.Text.Json.Nodes.JsonNode[] PassedOver(TestMerchant shop) =>
    [
        .. shop.EventsOf(shop.Id.Value).Where(each => (string?)each["type"] == "merchant.verdict_passed_over").Select(each => each["data"]!),
    ];

    private static async Task<SetAsideRow> AsideAsync(TestMerchant shop)
    {
        var rows = shop.World.Port<ISetAsideRows>();
        SetAsideRow? found = null;
        await TestWorld.UntilAsync(
            async () =>
            {
                found = (await rows.ListAsync(open: true, null, 100, Cancelled)).SingleOrDefault(row => row.Owner.Key == shop.Id.Value);
                return found is not null;
            },
            "the row is set aside");
        return found!;
    }

    private static Task TellAsync(TestMerchant shop, string sender, params SessionVerdict[] verdicts) =>
        TellAsync(shop, sender, [.. verdicts.Select(verdict => (verdict.ToJson(), (LedgerPlace?)null))]);

    private static Task TellAsync(TestMerchant shop, string sender, params (JsonElement, LedgerPlace?)[] contents) =>
        TellAsync(shop, sender, new LedgerOwner(MerchantState.Name, shop.Id.Value), contents);

    // As the write of a session does it, which is a session of a fault that nobody knows yet.
    private static async Task TellAsync(
        TestMerchant shop, string sender, LedgerOwner to, (JsonElement Content, LedgerPlace? About)[] contents)
    {
        var state = new PaymentSessionState { Merchant = shop.Id.Value };
        foreach (var (content, about) in contents)
        {
            ((IInboxState)state).Marks().Sent.Add(SentRow.Of(to, content, about));
        }

        var storage = shop.World.Cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(GrainState.HotProvider);
        await storage.WriteStateAsync(
            PaymentSessionState.Name, GrainId.Create("paymentsession", sender), new GrainState<PaymentSessionState>(state));
        shop.Pay(Poke);
    }
}
