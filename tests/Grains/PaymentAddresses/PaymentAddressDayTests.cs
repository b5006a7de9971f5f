using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;
using static StellarPay.Grains.Tests.PaymentAddresses.OwnAddress;

namespace StellarPay.Grains.Tests.PaymentAddresses;

/// <summary>What accounts of sessions' own may cost in a day, and who has what is left of it.</summary>
public sealed class PaymentAddressDayTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private const long Unit = TestMerchant.Unit;
    private static readonly int PerDay = new PaymentAddressOptions().SweepsPerDayOf(0);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_when_the_day_is_used_up_goes_on_tomorrow_and_came_in_time()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        await UseUpAsync(shop, PerDay, isLittle: false);

        Send(shop, session, 10 * Unit);

        await TestWorld.UntilAsync(() => Own(shop, session, "triedAfter") is not null, "it is put off");
        (IsThere(shop, session), (await shop.ViewAsync(session.Id)).PaymentCount, SweepsOf(shop, session)).ShouldBe((true, 0, 0));
        shop.Pass(TimeSpan.FromDays(1));
        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Status == PaymentSessionStatus.Paid, "it is paid");
        (await shop.ViewAsync(session.Id)).Payments.ShouldHaveSingleItem().Verdict.ShouldBe(SessionPaymentVerdict.Counted);
        await shop.World.UntilAfterSweepsAsync(() => Task.FromResult(!IsThere(shop, session)), "the account is no more");
    }

    [Fact]
    public async Task Who_spoils_an_accounts_end_again_and_again_leaves_payers_theirs()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var unpaid = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        var paid = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        // More than half of a day: many were asked about at once, and counted then.
        await UseUpAsync(shop, PerDay, isLittle: true);
        ((int)shop.World.Storage.Stored(MerchantState.Name, shop.Id.Value)["sweepDay"]!["little"]!).ShouldBe(PerDay, "it is not forgotten");

        (await shop.GrainOf(unpaid.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();

        // To give an account up is nobody's payment: it has the half of the day that strangers may use up, and nothing of payers'.
        await TestWorld.UntilAsync(() => Own(shop, unpaid, "littleAfter") is not null, "it is put off");
        IsThere(shop, unpaid).ShouldBeTrue();
        Send(shop, paid, 10 * Unit);
        await shop.UntilPaidAsync(paid.Id);
        await UntilClosedAsync(shop, paid);
        shop.Pass(TimeSpan.FromDays(1));
        await shop.World.UntilAfterSweepsAsync(() => Task.FromResult(!IsThere(shop, unpaid)), "the account is no more");
    }

    // A stranger who opened sessions by a link, one after the other, used up the day of all that the shop makes itself.
    [Fact]
    public async Task Sessions_that_strangers_may_have_made_leave_half_of_a_day_to_the_merchants_own()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var perDay = new PaymentAddressOptions().PerDayOf(0);
        var merchant = shop.World.Grains.GetGrain<IMerchantInternal>(shop.Id.Value);

        var strangers = 0;
        while ((await merchant.TakeAddressAsync(isForAnybody: true)).IsSuccess)
        {
            (++strangers).ShouldBeLessThan(perDay);
        }

        strangers.ShouldBe((perDay + 1) / 2);
        var link = await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true, Origin = "plink_000000000000000000000001" });
        (await shop.GrainOf(link.Id).OpenAddressAsync(shop.Id, Cancelled)).Error!.Code.ShouldBe("payment_addresses_used");
        var own = await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true });
        (await shop.GrainOf(own.Id).OpenAddressAsync(shop.Id, Cancelled)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Whoever_asks_at_once_for_what_is_not_there_yet_has_one_key_that_counts_once()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true });
        var order = new NewPaymentAddress(
            shop.Id.Value, shop.Address, new() { [shop.World.Network.Usdc] = 10 * Unit }, session.ExpiresAt);

        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        shop.World.KeyEncryptionKey.BeforeAnswer = () =>
        {
            asked.TrySetResult();
            return answer.Task;
        };

        // Not by the session, which asks once for all who ask it.
        var grain = shop.World.Grains.GetGrain<IPaymentAddressGrain>(session.Id.Value);
        var opening = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => grain.OpenAsync(order, Cancelled)));
        await asked.Task.WaitAsync(Cancelled);
        (await grain.ReadAsync()).ShouldBeNull("all have asked by now, and none has an answer");
        shop.World.KeyEncryptionKey.BeforeAnswer = null;
        answer.SetResult();
        var opened = await opening;

        opened.Select(each => each.Value).Distinct().ShouldHaveSingleItem();
        ((int)shop.World.Storage.Stored(MerchantState.Name, shop.Id.Value)["addressDay"]!["tries"]!).ShouldBe(1);
    }

    [Fact]
    public async Task While_ledgers_stand_still_it_is_written_ever_less_often()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        shop.World.Network.HoldFeed(true);
        var writes = 0;
        shop.World.Storage.FailNextWrite(PaymentAddressState.Name, Failing.BeforeTheWrite, json =>
        {
            writes += json.Contains(session.Own!.Address, StringComparison.Ordinal) ? 1 : 0;
            return false;
        });
        shop.Pass(TimeSpan.FromMinutes(16));

        for (var seconds = 0; seconds < 120; seconds += 2)
        {
            shop.World.Business.Advance(TimeSpan.FromSeconds(2));
            await shop.World.SweepAsync();
        }

        await TestWorld.UntilAsync(() => writes > 0, "it was written");
        // Also those that give the account up.
        writes.ShouldBeInRange(1, 20);
        shop.World.Network.HoldFeed(false);
        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Status == PaymentSessionStatus.Expired, "it expired");
    }

    private static async Task UseUpAsync(TestMerchant shop, int count, bool isLittle)
    {
        for (var number = 0; number < count; number++)
        {
            await shop.World.Grains.GetGrain<IMerchantInternal>(shop.Id.Value).CountSweepAsync(isLittle);
        }
    }

    private static string? Own(TestMerchant shop, PaymentSessionView session, string property) =>
        (string?)shop.World.Storage.Stored(PaymentAddressState.Name, session.Id.Value)[property];
}
