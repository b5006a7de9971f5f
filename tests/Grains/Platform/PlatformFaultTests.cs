using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.Claims;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Platform;

/// <summary>The platform's own want of XLM is never a user's failure, and holds nothing that needs none (design §5).</summary>
public sealed class PlatformFaultTests
{
    private const long Xlm = 10_000_000;

    [Fact]
    public async Task While_one_fee_account_is_low_a_key_is_changed_with_the_reserve_of_another_and_payments_go_on()
    {
        await using var world = await TestWorld.StartAsync(friendbot: false);
        await FundAsync(world);
        var user = await world.NewUserAsync("10");
        // Enough for a million fees, and less than the platform wants to see before it carries a reserve.
        Own(world, user, native: 90 * Xlm);

        var keys = world.Grains.GetGrain<IWalletKeysGrain>(user.Key);
        (await keys.RotateKeyAsync(user.Id, TestContext.Current.CancellationToken)).Error.ShouldBeNull();
        var payment = await user.PayAsync(world.Network.NewOutsider(), "1");

        await world.SweepUntilAsync(
            async () => (await user.PaymentAsync(payment.Id)).Status == PaymentStatus.Succeeded, "the payment is made");
    }

    [Fact]
    public async Task A_payment_by_claimable_balance_whose_sponsor_ran_out_of_XLM_in_that_ledger_does_not_fail()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        world.Network.Ledger.SponsorsWithoutReserve = 1;

        var quote = await payer.SetAsideAsync(FakeNetwork.NewAddress(), "4");
        await payer.ConfirmedAsync(quote.Value!.Id);

        await TestWorld.UntilAsync(
            async () => PaymentTransitions.IsTerminal((await payer.PaymentAsync(quote.Value.Id)).Status), "it is decided");
        var payment = await payer.PaymentAsync(quote.Value.Id);
        (payment.Status, payment.FailureCode).ShouldBe((PaymentStatus.Succeeded, null));
    }

    [Fact]
    public async Task A_reclaim_for_which_nobody_could_pay_the_fee_is_not_given_up()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var paid = await payer.SetAsideAndWaitAsync(FakeNetwork.NewAddress(), "4", days: 1);
        world.Pass(TimeSpan.FromDays(2));
        var accounts = await FeeAccountsAsync(world);
        Array.ForEach(accounts, account => world.Network.Empty(account, empty: true));
        await payer.ReclaimedAsync(paid);

        await UntilUnpaidTimesOutAsync(world, payer, 3);
        Array.ForEach(accounts, account => world.Network.Empty(account, empty: false));

        await TestWorld.UntilAsync(
            () => world.Network.Look(l => !l.Claimables.ContainsKey(paid.Claimable!.BalanceId!))
                || world.EventsOf("payment.reclaim_failed").Length > 0,
            "the reclaim is decided");
        world.EventsOf("payment.reclaim_failed").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_change_for_which_nobody_could_pay_the_fee_is_not_given_up()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var accounts = await FeeAccountsAsync(world);
        Array.ForEach(accounts, account => world.Network.Empty(account, empty: true));
        var keys = world.Grains.GetGrain<IWalletKeysGrain>(user.Key);
        await keys.RotateKeyAsync(user.Id, TestContext.Current.CancellationToken);

        await UntilUnpaidTimesOutAsync(world, user, 3);
        Array.ForEach(accounts, account => world.Network.Empty(account, empty: false));

        await TestWorld.UntilAsync(
            () => world.EventsOf("wallet.key_rotated").Length + world.EventsOf("wallet.key_rotation_failed").Length > 0, "the key change is decided");
        world.EventsOf("wallet.key_rotation_failed").ShouldBeEmpty();
    }

    // Each transaction's time passes while no fee account has XLM, and the follower proves that it can never be applied.
    private static async Task UntilUnpaidTimesOutAsync(TestWorld world, TestUser user, int times)
    {
        for (var time = 0; time < times; time++)
        {
            var hash = default(string);
            await world.SweepUntilAsync(() => (hash = (string?)world.Storage.StoredSubmission(user.Key)?["innerHash"]) is not null, "a transaction is signed");
            await world.SweepUntilAsync(() => world.Storage.StoredSubmission(user.Key)?["unpaid"] is not null, "nobody can pay for it");
            world.Network.AdvanceClock(TimeSpan.FromHours(1));
            world.Network.CloseLedger();
            await world.SweepUntilAsync(() => (string?)world.Storage.StoredSubmission(user.Key)?["innerHash"] != hash, "its time is over");
        }
    }

    private static async Task<string[]> FeeAccountsAsync(TestWorld world)
    {
        var addresses = new List<string>();
        foreach (var key in new PlatformOptions { FeeAccounts = 2 }.FeeAccountKeys())
        {
            addresses.Add((await world.Grains.GetGrain<IFeeAccountGrain>(key).EnsureAsync(TestContext.Current.CancellationToken)).Value!);
        }

        return [.. addresses];
    }

    // An operator sends each account of the platform 1,000 XLM.
    private static async Task FundAsync(TestWorld world)
    {
        var options = new PlatformOptions { FeeAccounts = 2, SponsorAccounts = 2 };
        foreach (var key in options.FeeAccountKeys())
        {
            await world.Grains.GetGrain<IFeeAccountGrain>(key).EnsureAsync(TestContext.Current.CancellationToken);
            Fund(world, GrainState.FeeAccount, key);
        }

        foreach (var key in options.SponsorKeys())
        {
            await world.Grains.GetGrain<ISponsorGrain>(key).EnsureAsync(TestContext.Current.CancellationToken);
            Fund(world, GrainState.Sponsor, key);
        }
    }

    private static void Fund(TestWorld world, string state, string key)
    {
        var address = (string)world.Storage.Stored(state, key)["key"]!["publicKey"]!;
        world.Network.Look(l => l.Accounts[address] = new FakeAccount { Sequence = 1, Native = 1_000 * Xlm });
    }

    private static void Own(TestWorld world, TestUser user, long native)
    {
        var key = PlatformKeys.FeeAccountOf(user.Key, new PlatformOptions { FeeAccounts = 2 }, 0);
        var address = (string)world.Storage.Stored(GrainState.FeeAccount, key)["key"]!["publicKey"]!;
        world.Network.Look(l => l.Accounts[address].Native = native);
    }
}
