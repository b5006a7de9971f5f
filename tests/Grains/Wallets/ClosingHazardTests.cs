using StellarPay.Grains.Compliance;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.Claims;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>What somebody could bring about by closing a wallet, or while one is closed.</summary>
public sealed class ClosingHazardTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_put_on_the_deny_list_meanwhile_gets_nothing_by_the_merge()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        var (address, outsider) = (await user.AddressAsync(), world.Network.NewOutsider());
        var before = world.Network.Look(l => l.Accounts[outsider].Native);
        world.Faults.Arm(FaultPoint.PaymentSettling, _ =>
        {
            GiveXlm(world, address, 50_000_000);
            world.DenyList.Add(outsider);
            return Task.CompletedTask;
        });

        (await CloseAsync(user, outsider)).Error.ShouldBeNull();

        await UntilAsync(world, user, WalletStatus.Active);
        await TestWorld.UntilAsync(async () => (await user.ViewAsync()).Balances[0].Balance == 50_000_000, "the XLM is the user's");
        world.Network.Look(l => l.Accounts[outsider].Native).ShouldBe(before);
        world.EventsOf("wallet.closing_failed").Length.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_closing_wallet_pays_out_is_not_cancelled()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync("10");
        var outsider = world.Network.NewOutsider();
        // Before anything is signed.
        world.Faults.Arm(FaultPoint.WalletSaved, _ => world.Halts.HaltAsync(
            new NetworkHalt("network_reset", "The network began again.", DateTimeOffset.UnixEpoch), Cancelled));
        (await CloseAsync(user, outsider)).Error.ShouldBeNull();
        var sweep = (await user.Wallet.GetSnapshotAsync(user.Id)).Value!.Payments.Single();

        (await user.CancelAsync(sweep.Id)).Error!.Code.ShouldBe("payment_not_cancellable");

        await world.Halts.ResumeAsync("usr_1", DateTimeOffset.UnixEpoch, Cancelled);
        await UntilAsync(world, user, WalletStatus.Closed);
    }

    [Fact]
    public async Task A_key_that_was_being_made_when_the_closing_began_is_not_taken()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync();
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.KeyEncryptionKey.BeforeAnswer = () =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        var rotating = user.Wallet.AsReference<IWalletKeysGrain>().RotateKeyAsync(user.Id, CancellationToken.None);
        await asked.Task;
        var closing = await CloseAsync(user, world.Network.NewOutsider());
        answer.SetResult();

        closing.Error.ShouldBeNull();
        (await rotating).Error.ShouldNotBeNull();
        await UntilAsync(world, user, WalletStatus.Closed);
        (await Closing(user).ReopenAsync(user.Id, cancellationToken: Cancelled)).Error.ShouldBeNull();
        await UntilAsync(world, user, WalletStatus.Active);
    }

    [Fact]
    public async Task Closed_and_opened_again_is_a_wallet_twice_a_day_and_no_more()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync();
        for (var i = 0; i < 2; i++)
        {
            (await CloseAsync(user, world.Network.NewOutsider())).Error.ShouldBeNull();
            await UntilAsync(world, user, WalletStatus.Closed);
            (await Closing(user).ReopenAsync(user.Id, cancellationToken: Cancelled)).Error.ShouldBeNull();
            await UntilAsync(world, user, WalletStatus.Active);
        }

        (await CloseAsync(user, world.Network.NewOutsider())).Error.ShouldBeNull();
        await UntilAsync(world, user, WalletStatus.Closed);

        var refusal = (await Closing(user).ReopenAsync(user.Id, cancellationToken: Cancelled)).Error!;
        (refusal.Kind, refusal.Code).ShouldBe((ErrorKind.RateLimited, "reopening_budget_used"));
        world.Pass(TimeSpan.FromDays(1));
        (await Closing(user).ReopenAsync(user.Id, cancellationToken: Cancelled)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task What_the_ledger_has_and_the_wallet_does_not_know_is_not_given_away_and_holds_no_closing_for_ever()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync();
        var address = await user.AddressAsync();
        world.Network.HoldFeed(true);
        GiveXlm(world, address, 50_000_000);
        (await user.World.Grains.GetGrain<IWalletControl>(user.Key).ReclaimAccountAsync(
            new AdminOrder(UserId.New(TimeProvider.System), "Asked by a test."))).Error.ShouldBeNull();

        world.Pass(TimeSpan.FromMinutes(16));

        await UntilAsync(world, user, WalletStatus.Active);
        world.Network.HoldFeed(false);
        await TestWorld.UntilAsync(async () => (await user.ViewAsync()).Balances[0].Balance == 50_000_000, "the XLM is the user's");
    }

    private static IWalletClosing Closing(TestUser user) => user.World.Grains.GetGrain<IWalletClosing>(user.Key);

    private static Task<Result<WalletView>> CloseAsync(TestUser user, string destination) =>
        Closing(user).CloseAsync(user.Id, new CloseRequest(destination, destination), Cancelled);

    private static void GiveXlm(TestWorld world, string address, long stroops) => world.Network.Look(l =>
    {
        l.Pay(world.Network.Friendbot, address, "native", stroops);
        return true;
    });

    private static Task UntilAsync(TestWorld world, TestUser user, WalletStatus status) => world.UntilAfterSweepsAsync(
        async () => (await user.ViewAsync()).Status == status, $"the wallet is {status}");
}
