using Orleans.Core.Internal;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Payments;

/// <summary>A payment to a user whose account is still being opened waits for it: seen, reserved, and not for ever.</summary>
public abstract class WaitingPaymentTests(SharedWorld shared)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(72);

    [Fact]
    public async Task It_is_reserved_holds_no_other_payment_and_goes_out_when_the_account_is_open()
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        await HoldOpeningsAsync(world);
        var (payee, address) = await NewPayeeAsync(world);

        var quote = await payer.QuotedAsync(address, "4");
        quote.Wait.ShouldBe(new PaymentWait("recipient_opening", null));
        var confirmed = await payer.ConfirmedAsync(quote.Id);

        (confirmed.Status, confirmed.Wait).ShouldBe(
            (PaymentStatus.Queued, new PaymentWait("recipient_opening", world.Business.GetUtcNow() + Longest)));
        (await payer.UsdcAsync()).Reserved.ShouldBe(40_000_000);
        (await payer.Wallet.GetTraceAsync(payer.Id, quote.Id)).Value!.Summary.ShouldContain("as soon as the recipient's account is open");
        var told = world.EventsOf("payment.queued").ShouldHaveSingleItem();
        ((string)told["data"]!["wait"]!["for"]!).ShouldBe("recipient_opening");
        var other = await payer.PayAsync(world.Network.NewOutsider(), "1");
        await payer.UntilAsync(other.Id, PaymentStatus.Succeeded);
        (await payer.PaymentAsync(quote.Id)).Status.ShouldBe(PaymentStatus.Queued);

        ReleaseOpenings(world);
        await UntilSucceededAsync(world, payer, quote.Id);
        await payee.UntilBalanceAsync(40_000_000);
        await payer.UntilBalanceAsync(50_000_000);
        (await payer.PaymentAsync(quote.Id)).Wait.ShouldBeNull();
        world.EventsOf("payment.queued").Length.ShouldBe(2);
    }

    [Fact]
    public async Task Cancelled_while_it_waits_it_is_never_paid()
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        await HoldOpeningsAsync(world);
        var (payee, address) = await NewPayeeAsync(world);
        var payment = await payer.PayAsync(address, "4");

        // Who lets go of a quote lets go of nothing that he has confirmed.
        (await payer.Wallet.CancelQuoteAsync(payer.Id, payment.Id)).Error!.Code.ShouldBe("payment_not_cancellable");
        (await payer.PaymentAsync(payment.Id)).Status.ShouldBe(PaymentStatus.Queued);

        (await payer.CancelAsync(payment.Id)).Value!.Status.ShouldBe(PaymentStatus.Cancelled);

        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        ReleaseOpenings(world);
        await UntilActiveAsync(world, payee);
        await NothingIsPaidAsync(world, payer, address);
    }

    [Fact]
    public async Task An_account_that_does_not_open_in_time_fails_it_and_frees_the_amount()
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        await HoldOpeningsAsync(world);
        var (payee, address) = await NewPayeeAsync(world);
        var payment = await payer.PayAsync(address, "4");

        world.Business.Advance(Longest - TimeSpan.FromMinutes(1));
        await world.SweepAsync();
        (await payer.PaymentAsync(payment.Id)).Status.ShouldBe(PaymentStatus.Queued);
        await world.UntilAfterSweepsAsync(
            async () => (await payer.PaymentAsync(payment.Id)).Status == PaymentStatus.Failed, "the payment is given up");

        (await payer.PaymentAsync(payment.Id)).FailureCode.ShouldBe("recipient_not_opened");
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        ReleaseOpenings(world);
        await UntilActiveAsync(world, payee);
        await NothingIsPaidAsync(world, payer, address);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task It_survives_the_end_of_its_activation_and_a_write_that_fails_and_is_paid_once(Failing? how)
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        await HoldOpeningsAsync(world);
        var (payee, address) = await NewPayeeAsync(world);
        var payment = await payer.PayAsync(address, "4");

        if (how is { } failing)
        {
            var own = await payer.AddressAsync();
            world.Storage.FailNextWrite(
                GrainState.Wallet, failing, json => json.Contains($"\"address\":\"{own}\"", StringComparison.Ordinal));
        }

        await payer.Wallet.AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
        ReleaseOpenings(world);

        await UntilSucceededAsync(world, payer, payment.Id);
        await payee.UntilBalanceAsync(40_000_000);
        world.Network.Look(l => l.Operations.Count(o => o is { Type: "payment", Successful: true } && o.To == address)).ShouldBe(1);
    }

    [Fact]
    public async Task A_payer_who_is_frozen_while_it_waits_pays_nothing()
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        await HoldOpeningsAsync(world);
        var (_, address) = await NewPayeeAsync(world);
        var payment = await payer.PayAsync(address, "4");

        (await world.Grains.GetGrain<IWalletControl>(payer.Key).FreezeAsync(new AdminOrder(UserId.New(TimeProvider.System), "Because.")))
            .Error.ShouldBeNull();

        var failed = await payer.PaymentAsync(payment.Id);
        (failed.Status, failed.FailureCode, failed.Wait).ShouldBe((PaymentStatus.Failed, "wallet_frozen", null));
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task Asked_for_twice_under_one_key_it_is_one_payment_and_confirmed_after_the_opening_it_goes_out()
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        await HoldOpeningsAsync(world);
        var (payee, address) = await NewPayeeAsync(world);
        var order = new QuoteRequest(address, address, "USDC", "4", null, "key", ConfirmsAtOnce: true);
        var late = await payer.QuotedAsync(address, "1");

        var first = await payer.Wallet.QuoteAsync(payer.Id, order, TestContext.Current.CancellationToken);
        var again = await payer.Wallet.QuoteAsync(payer.Id, order, TestContext.Current.CancellationToken);
        (first.Value!.Id, first.Value.Status).ShouldBe((again.Value!.Id, PaymentStatus.Queued));
        ReleaseOpenings(world);
        await UntilActiveAsync(world, payee);
        await payer.ConfirmedAsync(late.Id);

        await UntilSucceededAsync(world, payer, late.Id);
        await UntilSucceededAsync(world, payer, first.Value.Id);
        await payee.UntilBalanceAsync(50_000_000);
    }

    [Fact]
    public async Task It_waits_too_where_a_stranger_created_the_account_and_its_trustlines_are_missing()
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        await HoldOpeningsAsync(world);
        var (payee, address) = await NewPayeeAsync(world);
        world.Network.Look(l => l.Accounts[address] = new FakeAccount { Sequence = 7, Native = 10_000_000 });

        var payment = await payer.PayAsync(address, "4");
        payment.Wait!.For.ShouldBe("recipient_opening");
        ReleaseOpenings(world);

        await UntilSucceededAsync(world, payer, payment.Id);
        await payee.UntilBalanceAsync(40_000_000);
    }

    // No sponsor can carry another reserve.
    private static async Task HoldOpeningsAsync(TestWorld world)
    {
        foreach (var key in new PlatformOptions { SponsorAccounts = 2 }.SponsorKeys())
        {
            var sponsor = (await world.Grains.GetGrain<ISponsorGrain>(key).EnsureAsync(TestContext.Current.CancellationToken)).Value!;
            world.Network.Look(l => l.Accounts[sponsor].Reserve = long.MaxValue / 2);
        }
    }

    private static void ReleaseOpenings(TestWorld world) => world.Network.Look(l =>
    {
        foreach (var account in l.Accounts.Values.Where(account => account.Reserve == long.MaxValue / 2))
        {
            account.Reserve = 0;
        }

        return true;
    });

    private static async Task<(TestUser Payee, string Address)> NewPayeeAsync(TestWorld world)
    {
        var payee = world.NewUnopenedUser();
        return (payee, (await payee.OpenAsync()).Value!.Address!);
    }

    // Woken by the due index: by itself the wallet asks for its opening less and less often, up to once a minute.
    private static Task UntilActiveAsync(TestWorld world, TestUser payee) => world.UntilAfterSweepsAsync(
        async () => (await payee.ViewAsync()).Status == WalletStatus.Active, "the wallet is active");

    private static Task UntilSucceededAsync(TestWorld world, TestUser payer, PaymentId payment) => world.UntilAfterSweepsAsync(
        async () => (await payer.PaymentAsync(payment)).Status == PaymentStatus.Succeeded, $"payment {payment} has succeeded");

    // What was to be paid would have been by now: a later payment of the same payer is.
    private static async Task NothingIsPaidAsync(TestWorld world, TestUser payer, string address)
    {
        world.Business.Advance(TimeSpan.FromMinutes(6));
        await world.SweepAsync();
        var later = await payer.PayAsync(world.Network.NewOutsider(), "1");
        await UntilSucceededAsync(world, payer, later.Id);
        world.Network.Look(l => l.Accounts[address].BalanceOf(world.Network.Usdc)).ShouldBe(0);
    }
}

[Trait("Length", "long")]
public sealed class WaitingPaymentInMemoryTests(SharedWorld shared) : WaitingPaymentTests(shared), IClassFixture<SharedWorld>;

public sealed class WaitingPaymentOnPostgresTests(SharedPostgresWorld shared)
    : WaitingPaymentTests(shared), IClassFixture<SharedPostgresWorld>;
