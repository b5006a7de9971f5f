using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.Claims;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Costs;

/// <summary>Each user has a day's budget of what locks the platform's XLM for him.</summary>
public sealed class UserBudgetTests
{
    [Fact]
    public async Task Who_sets_balances_aside_all_day_for_an_accomplice_is_stopped_by_his_day_though_each_is_claimed()
    {
        await using var world = await StartAsync();
        var payer = await world.NewUserAsync("100");
        // Has no room for what is paid, and takes what is set aside.
        var accomplice = world.Network.NewOutsider(account => account.Trustlines[world.Network.Usdc].Limit = 1);
        for (var made = 0; made < 3; made++)
        {
            var payment = await payer.SetAsideAndWaitAsync(accomplice, "1");
            world.Network.ClaimByOther((await payer.PaymentAsync(payment.Id)).Claimable!.BalanceId!, accomplice);
            await payer.UntilAsync(payment, ClaimStatus.Claimed);
        }

        var refused = (await payer.SetAsideAsync(accomplice, "1")).Error!;

        (refused.Kind, refused.Code).ShouldBe((ErrorKind.RateLimited, "claimable_budget_used"));
        refused.Message.ShouldBe("A wallet can have 3 claimable balances a day. There is room again at 00:00 UTC.");
        refused.RetryAfter!.Value.ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromDays(1));
        // What costs no reserve goes on, and others have days of their own.
        await payer.QuotedAsync(world.Network.NewOutsider(), "1");
        (await (await world.NewUserAsync("10")).SetAsideAsync(accomplice, "1")).Error.ShouldBeNull();

        world.Business.Advance(refused.RetryAfter.Value);
        (await payer.SetAsideAsync(accomplice, "1")).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Quotes_count_until_they_are_over_so_that_many_at_once_get_no_further()
    {
        await using var world = await StartAsync();
        var payer = await world.NewUserAsync("100");
        var nobody = FakeNetwork.NewAddress();

        var quotes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => payer.SetAsideAsync(nobody, "1")));

        quotes.Count(quote => quote.IsSuccess).ShouldBe(3);
        quotes.Where(quote => !quote.IsSuccess).ShouldAllBe(quote => quote.Error!.Code == "claimable_budget_used");
        (await payer.CancelAsync(quotes.First(quote => quote.IsSuccess).Value!.Id)).Error.ShouldBeNull();
        (await payer.SetAsideAsync(nobody, "1")).Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_user_has_his_key_replaced_so_often_a_day_and_an_administrator_whenever_he_orders_it()
    {
        await using var world = await StartAsync();
        var user = await world.NewUserAsync("10");
        var keys = world.Grains.GetGrain<IWalletKeysGrain>(user.Key);
        for (var version = 2; version <= 3; version++)
        {
            (await keys.RotateKeyAsync(user.Id, TestContext.Current.CancellationToken)).Error.ShouldBeNull();
            await UntilVersionAsync(keys, user, version);
        }

        (await keys.RotateKeyAsync(user.Id, TestContext.Current.CancellationToken)).Error!.Code.ShouldBe("key_change_budget_used");

        var admin = UserId.New(TimeProvider.System);
        (await keys.RotateKeyByAdminAsync(new AdminOrder(admin, "leaked"))).Error.ShouldBeNull();
        await UntilVersionAsync(keys, user, 4);
    }

    [Fact]
    public async Task Friendbot_gives_so_often_a_day_and_fifty_at_once_get_no_more()
    {
        await using var world = await StartAsync();
        var user = await world.NewUserAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => user.FundAsync()));

        answers.Count(answer => answer.Error?.Code == "friendbot_budget_used").ShouldBe(48);
    }

    private static Task<TestWorld> StartAsync() => TestWorld.StartAsync(with: services =>
    {
        services.Configure<BudgetOptions>(
            options => (options.ClaimablesPerUser, options.KeyChangesPerUser, options.FriendbotPerUser) = (3, 2, 2));
        // Each asks the network twice, and is to get as far as its day.
        services.Configure<NetworkOptions>(options => options.QuestionsPerWallet = 1_000);
    });

    private static Task UntilVersionAsync(IWalletKeysGrain keys, TestUser user, int version) => TestWorld.UntilAsync(
        async () => (await keys.GetKeyAsync(user.Id)).Value is { Pending: false } key && key.Version == version,
        $"key {version} signs");
}
