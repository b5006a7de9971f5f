using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.TestClocks;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.TestClocks;

/// <summary>
/// A clock moves while what lives by it is being stored: nothing is forgotten, and nothing is said to be of later than it was.
/// </summary>
public sealed class MovedClockTests(SharedPostgresWorld shared) : IClassFixture<SharedPostgresWorld>
{
    private const long Unit = TestMerchant.Unit;
    private static readonly DateTimeOffset Start = new(2031, 2, 3, 10, 0, 0, TimeSpan.Zero);
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refund_that_is_stored_when_its_clock_has_gone_past_its_patience_is_given_up_though_the_clock_stands()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var clock = await NewClockAsync(shop);
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { TestClock = clock.Value });
        shop.Pay(10 * Unit, session.Id.Value);
        await shop.UntilPaidAsync(session.Id);
        await shop.UntilBookAsync(book => book is { Pending: 0, Unallocated: 0, Available: > 9 * Unit }, "it is booked");
        // The fee is missing of the price: what is asked for beyond that waits for money.
        (await shop.RefundAsync(session.Id, 99 * Unit / 10)).IsSuccess.ShouldBeTrue();
        await shop.UntilAsync(session.Id, view => view.Refunds.Single().Status == RefundStatus.Succeeded, "the first is paid");
        await shop.UntilBookAsync(book => book is { Available: 0, Refunds: 0 }, "there is no more");

        OnWrite(shop, clock, isRefused: false, () => GoAsync(shop, clock, Start + TimeSpan.FromDays(31), untilReady: true));
        (await shop.RefundAsync(session.Id, Unit / 10)).IsSuccess.ShouldBeTrue();

        (await ClocksOf(shop).FindAsync(shop.Id, clock, Cancelled))!.Status.ShouldBe("ready");
        await shop.UntilAsync(session.Id, view => view.Refunds[^1].Status == RefundStatus.Failed, "nobody waits for it any more");
    }

    [Fact]
    public async Task What_came_in_time_and_is_judged_when_its_clock_is_past_the_end_is_paid_by_the_end()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var clock = await NewClockAsync(shop);
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { TestClock = clock.Value });
        // What is due on one day is one stop, at the last of it.
        var longer = shop.Order(1_000, world.Network.Usdc) with { TestClock = clock.Value, ExpiresIn = TimeSpan.FromHours(2) };
        await shop.NewSessionAsync(longer);

        OnWrite(shop, clock, isRefused: true, () => GoAsync(shop, clock, Start + TimeSpan.FromHours(3), untilReady: false));
        shop.Pay(10 * Unit, session.Id.Value);

        var paid = await shop.UntilPaidAsync(session.Id);
        (await ClocksOf(shop).FindAsync(shop.Id, clock, Cancelled))!.FrozenTime.ShouldBeGreaterThan(session.ExpiresAt);
        (paid.PaidAt, paid.Payments.Single().DeliveredAt).ShouldBe((session.ExpiresAt, session.ExpiresAt));
    }

    private static ITestClocks ClocksOf(TestMerchant shop) => shop.World.Port<ITestClocks>();

    // Once, in the middle of the next write of a session by that clock, which may be refused then.
    private static void OnWrite(TestMerchant shop, TestClockId clock, bool isRefused, Func<Task> act)
    {
        var isDone = 0;
        shop.World.Storage.FailNextWrite("payment_session", Failing.BeforeTheWrite, json =>
        {
            if (!json.Contains(clock.Value, StringComparison.Ordinal) || Interlocked.Exchange(ref isDone, 1) == 1)
            {
                return false;
            }

            // Not in the grain's turn, which waits for it.
            using var done = new ManualResetEventSlim();
            _ = Task.Run(async () =>
            {
                try
                {
                    await act();
                }
                finally
                {
                    done.Set();
                }
            });
            done.Wait(Cancelled);
            return isRefused;
        });
    }

    private static async Task GoAsync(TestMerchant shop, TestClockId clock, DateTimeOffset to, bool untilReady)
    {
        var clocks = ClocksOf(shop);
        (await clocks.AdvanceAsync(shop.Id, clock, to, key: null, Cancelled)).ShouldBe("moving");
        while ((await clocks.StepAsync(clock.Value, 1_000, TimeSpan.Zero, 10, Cancelled)).GoesOn && untilReady)
        {
        }
    }

    private static async Task<TestClockId> NewClockAsync(TestMerchant shop)
    {
        var now = TimeProvider.System.GetUtcNow();
        var clock = new TestClock(TestClockId.New(TimeProvider.System), shop.Id, "A year", now, now + TimeSpan.FromDays(30_000), Start);
        (await ClocksOf(shop).AddAsync(clock, 20, key: null, Cancelled)).ShouldBeTrue();
        return clock.Id;
    }
}
