using System.Text.Json;
using System.Text.Json.Nodes;
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
/// One of the two who are told of an acceptance cannot take it in, and an operator sees to it. The bugs kept away: what was held was
/// nobody's to give back any more, or was given back twice, and a session that could not begin was poked each second.
/// </summary>
public abstract class HalfAnAcceptanceTests(HalfAnAcceptanceTests.IWatchedWorld shared)
{
    private const long Unit = TestMerchant.Unit;
    private static readonly UserId Operator = UserId.New(TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_session_gives_back_that_was_made_waits_while_what_it_is_paid_by_is_set_aside()
    {
        var (shop, old, other) = await ShopAsync();
        var born = await AcceptedAndSetAsideAsync(shop, old);

        var back = (await shop.RefundAsync(born, 4 * Unit)).Value!;
        var others = (await shop.RefundAsync(other, payment: (await shop.ViewAsync(other)).Payments[0])).Value!;
        await shop.UntilRefundAsync(others.Id, RefundStatus.Succeeded);
        // Told before the other's, whose money has gone: it is not paid of what the merchant has of others.
        (await shop.ViewAsync(born)).Refunds.Single().Status.ShouldBe(RefundStatus.Pending);
        // The session hears of it before the merchant has booked it.
        await shop.UntilBookAsync(
            book => book is { Available: 99 * Unit / 10, Held: 12 * Unit, Refunds: 0 }, "what the other gave back has left the books");

        (await shop.Control.RetrySetAsideAsync((await AsideAsync(shop, shop.Id.Value)).Id, Operator)).Value.ShouldBe(1);
        await shop.UntilRefundAsync(back.Id, RefundStatus.Succeeded);
        await shop.UntilBookAsync(
            book => book is { Held: 0, Pending: 0, Refunds: 0, Fees: 2 * Unit / 10, Available: (218 * Unit / 10) - (4 * Unit) },
            "it is sold, and given back of that");
    }

    [Fact]
    public async Task What_an_operator_gives_up_of_an_acceptance_is_the_old_sessions_to_give_back_and_nobody_elses()
    {
        var (shop, old, other) = await ShopAsync();
        var born = await AcceptedAndSetAsideAsync(shop, old);
        var late = (await shop.ViewAsync(old)).Payments[0];
        var back = (await shop.RefundAsync(born, 4 * Unit)).Value!;
        (await shop.RefundAsync(old, payment: late)).Error!.Code.ShouldBe("payment_accepted");
        (await shop.ViewAsync(old)).AcceptedAs.ShouldBe(born);

        (await shop.Control.CloseSetAsideAsync((await AsideAsync(shop, shop.Id.Value)).Id, Operator)).Value.ShouldBe(1);

        (await shop.UntilRefundAsync(back.Id, RefundStatus.Failed)).FailureReason.ShouldBe("closed_by_operator");
        await TestWorld.UntilAsync(
            async () => (await shop.RefundAsync(born, Unit)).Error?.Code == "refund_payers_unknown", "it can give nothing back");
        (await shop.UntilAsync(old, view => view.Payments[0].HeldReason is not null, "it is held")).Payments[0].HeldReason
            .ShouldBe("closed_by_operator");
        shop.TypesOf(old)[^1].ShouldBe("payment_session.held");
        // Whoever looks at it is not told that it is sold.
        (await shop.ViewAsync(old)).AcceptedAs.ShouldBeNull();
        (await shop.ViewAsync(old)).AcceptedPayment.ShouldBeNull();
        var refund = (await shop.RefundAsync(old, payment: late)).Value!;
        await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        (refund.Stroops, refund.Legs.Single().To).ShouldBe((12 * Unit, late.From));
        await shop.UntilBookAsync(
            book => book is { Held: 50 * Unit, Pending: 0, Refunds: 0, Available: 99 * Unit / 10, Fees: Unit / 10 }, "the rest is others'");
        (await shop.AcceptAsync(old, late)).Error!.Code.ShouldBe("payment_acceptance_closed");
        (await shop.RefundAsync(other, payment: (await shop.ViewAsync(other)).Payments[0])).IsSuccess.ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_operator_gives_up_of_what_is_beyond_a_price_takes_nothing_of_the_price_and_can_be_taken_once_more(bool isBorn)
    {
        var shop = await TestMerchant.OpenAsync(await shared.Shared.ForTestAsync());
        (await shop.Control.SetTermsAsync(1, suspended: false, excess: new ExcessChoices(OverPayments.Hold, LatePayments.Hold)))
            .Error.ShouldBeNull();
        var id = await OverpaidAsync(shop, isBorn);
        var over = (await shop.ViewAsync(id)).Payments[0];
        shop.World.Storage.FailNextWrite(
            MerchantState.Name, Failing.Refused,
            json => json.Contains(shop.Address, StringComparison.Ordinal)
                && json.Contains($"\"available\":{119 * Unit / 10}", StringComparison.Ordinal));
        (await shop.AcceptAsync(id, over)).Error.ShouldBeNull();
        var row = await AsideAsync(shop, shop.Id.Value);
        var taken = (await shop.RefundAsync(id, Unit, over)).Value!;

        (await shop.Control.CloseSetAsideAsync(row.Id, Operator)).Value.ShouldBe(1);

        // It would have been paid of what the merchant has of others.
        (await shop.UntilRefundAsync(taken.Id, RefundStatus.Failed)).FailureReason.ShouldBe("closed_by_operator");
        await shop.UntilAsync(
            id, view => view.Payments[0] is { IsHeld: true, HeldReason: "closed_by_operator" }, "it is held");
        var price = (await shop.RefundAsync(id, 4 * Unit)).Value!;
        await shop.UntilRefundAsync(price.Id, RefundStatus.Succeeded);
        await shop.UntilBookAsync(
            book => book is { Held: 2 * Unit, Available: 59 * Unit / 10, Fees: Unit / 10, Refunds: 0 }, "the price is given back of what was sold");

        (await shop.AcceptAsync(id, over)).Error.ShouldBeNull();
        await shop.UntilBookAsync(book => book is { Held: 0, Available: 79 * Unit / 10 }, "it is his now");
        (shop.World.Storage.Stored(MerchantState.Name, shop.Id.Value)["neverAccepted"]?.AsArray().Count ?? 0).ShouldBe(0);
        var back = (await shop.RefundAsync(id, payment: over)).Value!;
        await shop.UntilRefundAsync(back.Id, RefundStatus.Succeeded);
        await shop.UntilBookAsync(
            book => book is { Held: 0, Available: 59 * Unit / 10, Refunds: 0, OnLedger: 6 * Unit }, "and goes back of what is his");
    }

    [Fact]
    public async Task A_session_that_could_not_begin_is_not_given_up_is_not_poked_and_begins_when_it_is_tried_again()
    {
        var (shop, old, _) = await ShopAsync();
        shop.World.Storage.FailNextWrite(
            PaymentSessionState.Name, Failing.Refused,
            json => json.Contains($"\"recoveredFrom\":\"{old.Value}\"", StringComparison.Ordinal)
                && !json.Contains("\"acceptedAs\":\"", StringComparison.Ordinal));
        (await shop.AcceptAsync(old, (await shop.ViewAsync(old)).Payments[0])).Error!.Code.ShouldBe("payment_session_not_found");
        var born = (await shop.ViewAsync(old)).AcceptedAs!.Value;
        var row = await AsideAsync(shop, born.Value);
        var control = shop.World.Grains.GetGrain<IPaymentSessionControl>(born.Value);

        var refused = (await control.CloseSetAsideAsync(row.Id, Operator)).Error!;
        (refused.Code, refused.Message.Contains("nobody could give it back", StringComparison.Ordinal)).ShouldBe(("set_aside_row_not_closed", true));

        // What it is told besides it takes in each time that it is poked, and pokes itself never: a poke of its own came before the second.
        for (var number = 1; number <= 3; number++)
        {
            await TellAsync(shop, born, new UnbookedNews(new LedgerPlace(7, number)));
            await shop.World.Grains.GetGrain<IPaymentSessionInternal>(born.Value).PokeAsync();
            await TestWorld.UntilAsync(
                () => Task.FromResult(
                    shop.World.Storage.Stored(PaymentSessionState.Name, born.Value)["unbooked"]?.AsArray().Count == number),
                "it is taken in");
        }

        shared.SelfPokes.Of(born.Value).ShouldBe(0);
        (await control.RetrySetAsideAsync(row.Id, Operator)).Value.ShouldBe(1);
        (await shop.ViewAsync(born)).ShouldSatisfyAllConditions(
            view => (view.Status, view.RecoveredFrom, view.ReceivedStroops).ShouldBe((PaymentSessionStatus.Paid, old, 10 * Unit)));
        var back = (await shop.RefundAsync(born)).Value!;
        await shop.UntilRefundAsync(back.Id, RefundStatus.Succeeded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_whose_id_is_anothers_is_made_under_a_new_one_whatever_the_operator_decides(bool isClosed)
    {
        var (shop, old, _) = await ShopAsync();
        shop.World.Storage.FailNextWrite(
            PaymentSessionState.Name, Failing.Refused,
            json => json.Contains($"\"recoveredFrom\":\"{old.Value}\"", StringComparison.Ordinal)
                && !json.Contains("\"acceptedAs\":\"", StringComparison.Ordinal));
        (await shop.AcceptAsync(old, (await shop.ViewAsync(old)).Payments[0])).Error!.Code.ShouldBe("payment_session_not_found");
        var taken = (await shop.ViewAsync(old)).AcceptedAs!.Value;
        var row = await AsideAsync(shop, taken.Value);
        (await shop.CreateAsync(taken, shop.Order(3_000))).Error.ShouldBeNull();
        var control = shop.World.Grains.GetGrain<IPaymentSessionControl>(taken.Value);

        (await (isClosed ? control.CloseSetAsideAsync(row.Id, Operator) : control.RetrySetAsideAsync(row.Id, Operator))).Value.ShouldBe(1);

        var born = (await shop.UntilAsync(old, view => view.AcceptedAs != taken, "it has another id")).AcceptedAs!.Value;
        var made = (await shop.GrainOf(born).BeginAsync(shop.Id)).Value!;
        (made.Status, made.RecoveredFrom, made.ReceivedStroops).ShouldBe((PaymentSessionStatus.Paid, old, 10 * Unit));
        // Who asks again is answered by what there is.
        (await shop.AcceptAsync(old, (await shop.ViewAsync(old)).Payments[0])).Value!.Id.ShouldBe(born);
        (await shop.ViewAsync(taken)).ShouldSatisfyAllConditions(
            view => (view.Status, view.Amount, view.PaymentCount).ShouldBe((PaymentSessionStatus.Created, 30 * Unit, 0)));
        await shop.UntilBookAsync(book => book is { Held: 50 * Unit, Pending: 0, Fees: 2 * Unit / 10 }, "it is sold once");
        var back = (await shop.RefundAsync(born)).Value!;
        await shop.UntilRefundAsync(back.Id, RefundStatus.Succeeded);
        shop.TypesOf(old).Count(type => type == "payment_session.accepted").ShouldBe(2);
    }

    [Fact]
    public async Task However_many_of_its_payments_are_in_nobodys_books_a_session_knows_them_all()
    {
        // The bug kept away: the fifty-first was forgotten and said to be known, so that it would have been given back of others' money.
        const int Many = 51;
        var shop = await TestMerchant.OpenAsync(await shared.Shared.ForTestAsync());
        var session = (await shop.NewSessionAsync(1_000)).Id;
        for (var number = 1; number <= Many; number++)
        {
            await TellAsync(shop, session, new UnbookedNews(new LedgerPlace(7, number)));
        }

        await shop.World.Grains.GetGrain<IPaymentSessionInternal>(session.Value).PokeAsync();

        await TestWorld.UntilAsync(
            () => Task.FromResult(
                shop.World.Storage.Stored(PaymentSessionState.Name, session.Value)["unbooked"]?.AsArray().Count == Many),
            "all are known");
    }

    // Ten dollars are sold, twelve came too late for the old session, and fifty are held for another.
    private async Task<(TestMerchant Shop, PaymentSessionId Old, PaymentSessionId Other)> ShopAsync()
    {
        var shop = await TestMerchant.OpenAsync(await shared.Shared.ForTestAsync());
        var sold = await shop.NewSessionAsync(1_000);
        shop.Pay(10 * Unit, sold.Id.Value);
        var ended = new List<PaymentSessionId>();
        foreach (var stroops in new[] { 12 * Unit, 50 * Unit })
        {
            var session = await shop.NewSessionAsync(1_000);
            (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
            shop.Pay(stroops, session.Id.Value);
            await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "it came");
            ended.Add(session.Id);
        }

        await shop.UntilBookAsync(book => book is { Held: 62 * Unit, Available: 99 * Unit / 10, Unallocated: 0 }, "all is booked");
        return (shop, ended[0], ended[1]);
    }

    // Twelve dollars for ten, of which two are held: in time, or too late and accepted.
    private static async Task<PaymentSessionId> OverpaidAsync(TestMerchant shop, bool isBorn)
    {
        var id = (await shop.NewSessionAsync(1_000)).Id;
        if (isBorn)
        {
            (await shop.GrainOf(id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        }

        shop.Pay(12 * Unit, id.Value);
        if (isBorn)
        {
            var late = (await shop.UntilAsync(id, view => view.PaymentCount == 1, "it came")).Payments[0];
            id = (await shop.AcceptAsync(id, late)).Value!.Id;
        }

        await shop.UntilPaidAsync(id);
        await shop.UntilBookAsync(
            book => book is { Held: 2 * Unit, Available: 99 * Unit / 10, Pending: 0, Unallocated: 0 }, "the price is sold, the rest held");
        return id;
    }

    // The merchant cannot store that it is sold, for no passing reason.
    private static async Task<PaymentSessionId> AcceptedAndSetAsideAsync(TestMerchant shop, PaymentSessionId old)
    {
        shop.World.Storage.FailNextWrite(
            MerchantState.Name, Failing.Refused,
            json => json.Contains(shop.Address, StringComparison.Ordinal) && json.Contains($"\"fees\":{2 * Unit / 10}", StringComparison.Ordinal));
        var born = (await shop.AcceptAsync(old, (await shop.ViewAsync(old)).Payments[0])).Value!.Id;
        await AsideAsync(shop, shop.Id.Value);
        return born;
    }

    private static async Task<SetAsideRow> AsideAsync(TestMerchant shop, string owner)
    {
        SetAsideRow? found = null;
        await TestWorld.UntilAsync(
            async () => (found = (await shop.World.Port<ISetAsideRows>().ListAsync(open: true, null, 100, Cancelled))
                .SingleOrDefault(row => row.Owner.Key == owner)) is not null,
            "the row is set aside");
        return found!;
    }

    // As the write of another owner does it.
    private static Task TellAsync(TestMerchant shop, PaymentSessionId to, UnbookedNews news)
    {
        var state = new PaymentSessionState { Merchant = shop.Id.Value };
        ((IInboxState)state).Marks().Sent.Add(SentRow.Of(new LedgerOwner(PaymentSessionState.Name, to.Value), news.ToJson()));
        return shop.World.Cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(GrainState.HotProvider).WriteStateAsync(
            PaymentSessionState.Name, GrainId.Create("paymentsession", PaymentSessionId.New(TimeProvider.System).Value),
            new GrainState<PaymentSessionState>(state));
    }

    /// <summary>A world in which it is seen who pokes himself.</summary>
    public interface IWatchedWorld
    {
        /// <summary>The world.</summary>
        SharedWorld Shared { get; }

        /// <summary>Who poked himself.</summary>
        SelfPokes SelfPokes { get; }
    }

    /// <summary>Counts how often grains poke themselves.</summary>
    public sealed class SelfPokes : IOutgoingGrainCallFilter
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _pokes = [];

        public int Of(string key) => _pokes.GetValueOrDefault(key);

        public Task Invoke(IOutgoingGrainCallContext context)
        {
            if (context.SourceId == context.TargetId && context.MethodName == nameof(ILedgerOwner.PokeAsync))
            {
                _pokes.AddOrUpdate(context.TargetId.Key.ToString()!, 1, (_, before) => before + 1);
            }

            return context.Invoke();
        }
    }

    /// <summary>In memory.</summary>
    public sealed class MemoryWorld : SharedWorld, IWatchedWorld
    {
        public SharedWorld Shared => this;

        public SelfPokes SelfPokes { get; } = new();

        protected override void Configure(IServiceCollection services) => services.AddSingleton<IOutgoingGrainCallFilter>(SelfPokes);
    }

    /// <summary>In a database.</summary>
    public sealed class PostgresWorld : SharedPostgresWorld, IWatchedWorld
    {
        public SharedWorld Shared => this;

        public SelfPokes SelfPokes { get; } = new();

        protected override void Configure(IServiceCollection services) => services.AddSingleton<IOutgoingGrainCallFilter>(SelfPokes);
    }
}

[Trait("Length", "long")]
public sealed class MemoryHalfAnAcceptanceTests(HalfAnAcceptanceTests.MemoryWorld shared)
    : HalfAnAcceptanceTests(shared), IClassFixture<HalfAnAcceptanceTests.MemoryWorld>;

public sealed class PostgresHalfAnAcceptanceTests(HalfAnAcceptanceTests.PostgresWorld shared)
    : HalfAnAcceptanceTests(shared), IClassFixture<HalfAnAcceptanceTests.PostgresWorld>;
