using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Crashes;

/// <summary>Storage fails before or after a write took effect; what the grain serves then is what is stored.</summary>
public abstract class StorageFaultTests(SharedWorld shared)
{
    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_quote_whose_write_failed_is_there_if_and_only_if_it_was_stored(Failing how)
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        world.Storage.FailNextWriteOf(payer, how);

        await Should.ThrowAsync<Exception>(payer.QuoteAsync(payee, "4", "key"));

        var stored = how == Failing.AfterTheWriteTookEffect;
        (await payer.UsdcAsync()).Reserved.ShouldBe(stored ? 40_000_000 : 0);
        // The repeat finds the first answer, or makes it: one payment in either case.
        var again = await payer.QuoteAsync(payee, "4", "key");
        again.Error.ShouldBeNull();
        (await payer.UsdcAsync()).Reserved.ShouldBe(40_000_000);
        world.EventsOf("payment.created").Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_confirmation_whose_write_failed_can_be_repeated_and_pays_once(Failing how)
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var quote = await payer.QuotedAsync(world.Network.NewOutsider(), "4");
        world.Storage.FailNextWriteOf(payer, how);

        await Should.ThrowAsync<Exception>(payer.ConfirmAsync(quote.Id));
        await payer.ConfirmedAsync(quote.Id);

        await payer.UntilAsync(quote.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(60_000_000);
        PaidOnce(world, quote, 40_000_000);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite, "Succeeded")]
    [InlineData(Failing.AfterTheWriteTookEffect, "Succeeded")]
    [InlineData(Failing.BeforeTheWrite, "drained")]
    [InlineData(Failing.AfterTheWriteTookEffect, "drained")]
    public async Task A_payment_whose_outcome_could_not_be_stored_is_resumed_from_what_is_stored(Failing how, string when)
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var quote = await payer.QuotedAsync(world.Network.NewOutsider(), "4");
        world.Network.HoldFeed(when == "Succeeded");
        world.Storage.FailNextWrite(
            GrainState.Wallet, how, json => json.Contains(when == "Succeeded" ? "\"Succeeded\"" : "\"settled\":true", StringComparison.Ordinal));

        await payer.ConfirmedAsync(quote.Id);
        await UntilSucceededAsync(world, payer, quote.Id);
        world.Network.HoldFeed(false);

        await payer.UntilBalanceAsync(60_000_000);
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        PaidOnce(world, quote, 40_000_000);
        world.EventsOf("payment.succeeded").Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_deposit_whose_write_failed_is_credited_once(Failing how)
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync();
        world.Storage.FailNextWriteOf(user, how);

        world.Network.Issue(await user.AddressAsync(), 70_000_000);

        await user.UntilBalanceAsync(70_000_000);
        world.Network.Issue(await user.AddressAsync(), 1);
        await user.UntilBalanceAsync(70_000_001);
        world.EventsOf("wallet.credited").Length.ShouldBe(2);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_wallet_whose_first_write_failed_opens_at_the_next_call_with_one_key(Failing how)
    {
        var world = await shared.ForTestAsync();
        var user = world.NewUnopenedUser();
        world.Storage.FailNextWriteOf(user, how);

        await Should.ThrowAsync<Exception>(user.OpenAsync());
        var opened = (await user.OpenAsync()).Value!;
        await TestWorld.UntilAsync(async () =>
        {
            world.Business.Advance(TimeSpan.FromSeconds(5));
            await world.SweepAsync();
            return (await user.ViewAsync()).Status == WalletStatus.Active;
        }, "the wallet is active");

        (await user.AddressAsync()).ShouldBe(opened.Address);
        world.EventsOf("wallet.opened").Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_sponsor_whose_transaction_could_not_be_stored_opens_each_account_once(Failing how)
    {
        await using var world = await shared.StartOwnAsync();
        await Task.WhenAll(new PlatformOptions { SponsorAccounts = 2 }.SponsorKeys()
            .Select(key => EnsureAsync(world.Grains.GetGrain<ISponsorGrain>(key))));
        world.Storage.FailNextWrite(GrainState.Sponsor, how, json => json.Contains("\"batch\":{", StringComparison.Ordinal));

        var users = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.NewUserAsync()));

        foreach (var user in users)
        {
            var address = await user.AddressAsync();
            world.Network.Look(l => l.Operations.Count(o => o.Successful && o.To == address)).ShouldBe(1);
        }

        world.Network.Look(l => l.Applied.Values.Count(t => t.Code is not null)).ShouldBe(0);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_fee_account_whose_key_could_not_be_stored_uses_the_stored_one_or_a_new_one_but_never_a_lost_one(
        Failing how)
    {
        await using var world = await shared.StartOwnAsync(follow: false);
        var account = world.Grains.GetGrain<IFeeAccountGrain>("plt_fees_00");
        world.Storage.FailNextWrite(GrainState.FeeAccount, how);

        await Should.ThrowAsync<Exception>(EnsureAsync(account));
        var address = (await EnsureAsync(account)).Value!;

        var stored = world.Storage.Stored(GrainState.FeeAccount, "plt_fees_00");
        ((string)stored["key"]!["publicKey"]!).ShouldBe(address);
    }

    private static Task<Results.Result<string>> EnsureAsync(ISponsorGrain sponsor) => sponsor.EnsureAsync();

    private static Task<Results.Result<string>> EnsureAsync(IFeeAccountGrain account) => account.EnsureAsync();

    private static Task UntilSucceededAsync(TestWorld world, TestUser payer, PaymentId payment) =>
        TestWorld.UntilAsync(async () =>
        {
            world.Business.Advance(TimeSpan.FromSeconds(5));
            await world.SweepAsync();
            return (await payer.PaymentAsync(payment)).Status == PaymentStatus.Succeeded;
        }, "the payment has succeeded");

    private static void PaidOnce(TestWorld world, PaymentView payment, long stroops) =>
        world.Network.Look(l => l.Accounts[payment.Destination].BalanceOf(world.Network.Usdc)).ShouldBe(stroops);
}

public sealed class StorageFaultInMemoryTests(SharedWorld shared) : StorageFaultTests(shared), IClassFixture<SharedWorld>;

public sealed class StorageFaultOnPostgresTests(SharedPostgresWorld shared) : StorageFaultTests(shared), IClassFixture<SharedPostgresWorld>;
