using Orleans.Core.Internal;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>A wallet is closed: what it holds is paid out, its account given up, and nothing is lost on the way.</summary>
public abstract class ClosingTests(SharedWorld shared)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_that_it_holds_is_paid_out_and_its_account_is_no_more()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        var (address, outsider) = (await user.AddressAsync(), world.Network.NewOutsider());
        await GiveXlmAsync(world, user, 30_000_000);
        var before = world.Network.Look(l => l.Accounts[outsider].Native);
        var quote = await user.QuotedAsync(outsider, "1");

        var closing = await CloseAsync(user, outsider);

        closing.Error.ShouldBeNull();
        closing.Value!.Status.ShouldBe(WalletStatus.Closing);
        await UntilClosedAsync(world, user);
        world.Network.Look(l => l.Accounts.ContainsKey(address)).ShouldBeFalse();
        Usdc(world, outsider).ShouldBe(100_000_000);
        world.Network.Look(l => l.Accounts[outsider].Native - before).ShouldBe(30_000_000);
        (await user.PaymentAsync(quote.Id)).Status.ShouldBe(PaymentStatus.Cancelled);
        world.EventsOf("payment.succeeded").Length.ShouldBe(2);
        world.EventsOf("wallet.closing").Length.ShouldBe(1);
        world.EventsOf("wallet.closed").Length.ShouldBe(1);
    }

    [Fact]
    public async Task What_comes_while_it_is_being_closed_is_paid_out_too()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        var (address, outsider) = (await user.AddressAsync(), world.Network.NewOutsider());
        // Between the first payments and what follows them.
        world.Faults.Arm(FaultPoint.PaymentSettling, _ =>
        {
            world.Network.Issue(address, 20_000_000);
            return Task.CompletedTask;
        });

        (await CloseAsync(user, outsider)).Error.ShouldBeNull();

        await UntilClosedAsync(world, user);
        Usdc(world, outsider).ShouldBe(120_000_000);
    }

    [Theory]
    [InlineData(FaultPoint.PaymentPersisting)]
    [InlineData(FaultPoint.PaymentSigned)]
    [InlineData(FaultPoint.PaymentSubmitted)]
    [InlineData(FaultPoint.PaymentSettling)]
    [InlineData(FaultPoint.WalletSaved)]
    public async Task Whatever_crashes_it_is_closed_and_all_is_paid_out_once(string point)
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        var (address, outsider) = (await user.AddressAsync(), world.Network.NewOutsider());
        (await CloseAsync(user, outsider, "before")).Error.ShouldBeNull();
        world.Faults.Arm(point, _ => throw new IOException("killed"));

        await UntilClosedAsync(world, user);
        (await CloseAsync(user, outsider, "before")).Value!.Status.ShouldBe(WalletStatus.Closed);

        Usdc(world, outsider).ShouldBe(100_000_000);
        world.Network.Look(l => l.Accounts.ContainsKey(address)).ShouldBeFalse();
        world.EventsOf("wallet.closed").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Closed_it_neither_pays_nor_is_paid_and_opened_again_it_has_its_address_and_does_both()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        var (address, outsider) = (await user.AddressAsync(), world.Network.NewOutsider());
        (await CloseAsync(user, outsider, "once")).Error.ShouldBeNull();
        await UntilClosedAsync(world, user);

        (await user.QuoteAsync(outsider, "1")).Error!.Code.ShouldBe("wallet_closed");
        (await user.Wallet.GetAddressAsync()).Error!.Code.ShouldBe("recipient_closed");
        (await user.ViewAsync()).Address.ShouldBe(address);
        (await user.OpenAsync()).Value!.Status.ShouldBe(WalletStatus.Closed);
        (await Closing(user).ReopenAsync(user.Id, cancellationToken: Cancelled)).Value!.Status.ShouldBe(WalletStatus.Opening);
        (await Closing(user).ReopenAsync(user.Id, cancellationToken: Cancelled)).Error.ShouldBeNull();
        await UntilActiveAsync(world, user);

        // A repeat of what closed it does not close it again.
        (await CloseAsync(user, outsider, "once")).Value!.Status.ShouldBe(WalletStatus.Active);
        (await user.AddressAsync()).ShouldBe(address);
        world.Network.Issue(address, 70_000_000);
        await user.UntilBalanceAsync(70_000_000);
        var payment = await user.PayAsync(outsider, "7");
        await user.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        Usdc(world, outsider).ShouldBe(170_000_000);
    }

    [Fact]
    public async Task What_still_comes_to_a_closed_wallets_address_is_booked_and_there_when_it_is_open_again()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        var address = await user.AddressAsync();
        (await CloseAsync(user, world.Network.NewOutsider())).Error.ShouldBeNull();
        await UntilClosedAsync(world, user);

        world.Network.Look(l => l.Accounts[address] = new FakeAccount { Sequence = l.Sequence << 32 });
        await GiveXlmAsync(world, user, 50_000_000);
        (await Closing(user).ReopenAsync(user.Id, cancellationToken: Cancelled)).Error.ShouldBeNull();

        await UntilActiveAsync(world, user);
        (await user.ViewAsync()).Balances[0].Balance.ShouldBe(50_000_000);
        world.Network.Look(l => l.Accounts[address].Trustlines.Keys.Single()).ShouldBe(world.Network.Usdc);
    }

    [Fact]
    public async Task What_cannot_be_closed_is_refused_and_is_as_before()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        var rich = await world.NewUserAsync("5000");
        var rotated = await world.NewUserAsync();
        (await world.Grains.GetGrain<IWalletKeysGrain>(rotated.Key).RotateKeyAsync(rotated.Id, Cancelled)).Error.ShouldBeNull();
        var noTrust = world.Network.NewOutsider(account => account.Trustlines.Clear());
        var unopened = world.NewUnopenedUser();
        await unopened.CreateAsync();
        var outsider = world.Network.NewOutsider();
        var stranger = user with { Id = UserId.New(TimeProvider.System) };

        string?[] codes =
        [
            (await CloseAsync(user, noTrust)).Error?.Code,
            (await CloseAsync(user, FakeNetwork.NewAddress())).Error?.Code,
            (await CloseAsync(user, await user.AddressAsync())).Error?.Code,
            (await CloseAsync(rich, outsider)).Error?.Code,
            (await CloseAsync(rotated, outsider)).Error?.Code,
            (await CloseAsync(unopened, outsider)).Error?.Code,
            (await CloseAsync(stranger, outsider)).Error?.Code,
            (await Closing(unopened).ReopenAsync(unopened.Id, cancellationToken: Cancelled)).Error?.Code,
        ];
        (await Control(user).FreezeAsync(Order)).Error.ShouldBeNull();
        var frozen = (await CloseAsync(user, outsider)).Error?.Code;

        codes.ShouldBe(
        [
            "destination_no_trustline", "destination_not_found", "self_payment", "payment_limit_exceeded", "wallet_key_replaced",
            "contact_unconfirmed", "wallet_not_found", "contact_unconfirmed",
        ]);
        frozen.ShouldBe("wallet_frozen");
        (await user.UsdcAsync()).Reserved.ShouldBe(0);
        world.EventsOf("wallet.closing").ShouldBeEmpty();
    }

    [Fact]
    public async Task While_a_payment_of_its_is_under_way_it_is_not_closed()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        var outsider = world.Network.NewOutsider();
        world.Network.HoldFeed(true);
        var payment = await user.PayAsync(outsider, "4");

        (await CloseAsync(user, outsider)).Error!.Code.ShouldBe("payments_under_way");

        world.Network.HoldFeed(false);
        await user.UntilBalanceAsync(60_000_000);
        (await user.PaymentAsync(payment.Id)).Status.ShouldBe(PaymentStatus.Succeeded);
        (await CloseAsync(user, outsider)).Error.ShouldBeNull();
        await UntilClosedAsync(world, user);
        Usdc(world, outsider).ShouldBe(100_000_000);
    }

    [Fact]
    public async Task A_recipient_who_takes_it_no_more_leaves_the_wallet_as_it_was_after_a_few_tries()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        var outsider = world.Network.NewOutsider();
        world.Faults.Arm(FaultPoint.PaymentPersisting, _ =>
        {
            world.Network.Look(l => l.Accounts[outsider].Trustlines.Remove(world.Network.Usdc));
            return Task.CompletedTask;
        });

        (await CloseAsync(user, outsider)).Error.ShouldBeNull();

        await UntilActiveAsync(world, user);
        (await user.UsdcAsync()).ShouldBe((await user.UsdcAsync()) with { Balance = 100_000_000, Reserved = 0 });
        world.EventsOf("wallet.closing_failed").Length.ShouldBe(1);
        var other = await user.PayAsync(world.Network.NewOutsider(), "10");
        await user.UntilAsync(other.Id, PaymentStatus.Succeeded);
    }

    [Fact]
    public async Task An_administrator_gives_up_an_empty_account_and_no_other_and_its_owner_opens_it_again()
    {
        var world = await shared.ForTestAsync();
        var (empty, full) = (await world.NewUserAsync(), await world.NewUserAsync("1"));
        var address = await empty.AddressAsync();

        (await Control(full).ReclaimAccountAsync(Order)).Error!.Code.ShouldBe("wallet_not_empty");
        (await Control(empty).ReclaimAccountAsync(Order)).Value!.Status.ShouldBe(WalletStatus.Closing);

        await UntilClosedAsync(world, empty);
        world.Network.Look(l => l.Accounts.ContainsKey(address)).ShouldBeFalse();
        (await Control(empty).ReclaimAccountAsync(Order)).Value!.Status.ShouldBe(WalletStatus.Closed);
        (await full.ViewAsync()).Status.ShouldBe(WalletStatus.Active);
        (await Closing(empty).ReopenAsync(empty.Id, cancellationToken: Cancelled)).Error.ShouldBeNull();
        await UntilActiveAsync(world, empty);
        (await empty.AddressAsync()).ShouldBe(address);
    }

    [Fact]
    public async Task The_end_of_its_activation_does_not_end_its_closing()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        var outsider = world.Network.NewOutsider();
        world.Network.HoldFeed(true);
        (await CloseAsync(user, outsider)).Error.ShouldBeNull();

        await user.Wallet.AsReference<IGrainManagementExtension>().DeactivateOnIdle(Cancelled);
        world.Network.HoldFeed(false);

        await UntilClosedAsync(world, user);
        Usdc(world, outsider).ShouldBe(100_000_000);
    }

    private static AdminOrder Order { get; } = new(UserId.New(TimeProvider.System), "Asked by a test.");

    private static IWalletControl Control(TestUser user) => user.World.Grains.GetGrain<IWalletControl>(user.Key);

    private static IWalletClosing Closing(TestUser user) => user.World.Grains.GetGrain<IWalletClosing>(user.Key);

    private static Task<Result<WalletView>> CloseAsync(TestUser user, string destination, string? key = null) =>
        Closing(user).CloseAsync(user.Id, new CloseRequest(destination, destination, IdempotencyKey: key), Cancelled);

    private static async Task GiveXlmAsync(TestWorld world, TestUser user, long stroops)
    {
        var address = (await user.ViewAsync()).Address!;
        world.Network.Look(l =>
        {
            l.Pay(world.Network.Friendbot, address, "native", stroops);
            return true;
        });
        await TestWorld.UntilAsync(async () => (await user.ViewAsync()).Balances[0].Balance == stroops, "the XLM is there");
    }

    private static long Usdc(TestWorld world, string address) =>
        world.Network.Look(l => l.Accounts[address].BalanceOf(world.Network.Usdc));

    private static Task UntilClosedAsync(TestWorld world, TestUser user) => world.UntilAfterSweepsAsync(
        async () => await user.ViewAsync() is { Status: WalletStatus.Closed } view && view.Balances.All(b => b.Balance == 0),
        "the wallet is closed and empty");

    private static Task UntilActiveAsync(TestWorld world, TestUser user) => world.UntilAfterSweepsAsync(
        async () => (await user.ViewAsync()).Status == WalletStatus.Active, "the wallet is active");
}

[Trait("Length", "long")]
public sealed class ClosingInMemoryTests(SharedWorld shared) : ClosingTests(shared), IClassFixture<SharedWorld>;

public sealed class ClosingOnPostgresTests(SharedPostgresWorld shared) : ClosingTests(shared), IClassFixture<SharedPostgresWorld>;
