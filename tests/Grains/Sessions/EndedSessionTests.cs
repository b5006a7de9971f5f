using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
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
        var wanted = world.Network.Look(ledger => ledger.Sequence) + 1;
        shop.Pay(10 * Unit, paid.Id.Value);
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

    private static async Task<long> WatermarkAsync(TestWorld world) =>
        (await world.Grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key).GetStatusAsync()).LastLedger;
}

[Trait("Length", "long")]
public sealed class MemoryEndedSessionTests(SharedWorld shared) : EndedSessionTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresEndedSessionTests(SharedPostgresWorld shared) : EndedSessionTests(shared), IClassFixture<SharedPostgresWorld>;
