using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Wallets;

public sealed class OwnershipTests
{
    [Fact]
    public async Task Anyone_but_the_owner_is_told_that_there_is_no_such_wallet_and_changes_nothing()
    {
        await using var world = await TestWorld.StartAsync();
        var owner = await world.NewUserAsync("10");
        var payment = await owner.QuotedAsync(world.Network.NewOutsider(), "1");
        // The platform's account for what is suspended may just learn of ledgers, whoever asks whatever.
        var before = world.Storage.TextWithout(GrainState.Suspense);
        var stranger = owner with { Id = UserId.New(TimeProvider.System) };

        Error?[] answers =
        [
            (await stranger.OpenAsync()).Error,
            (await stranger.FundAsync()).Error,
            (await stranger.Wallet.GetAsync(stranger.Id)).Error,
            (await stranger.Wallet.GetSnapshotAsync(stranger.Id)).Error,
            (await stranger.Wallet.GetPaymentAsync(stranger.Id, payment.Id)).Error,
            (await stranger.QuoteAsync(world.Network.NewOutsider(), "1")).Error,
            (await stranger.QuoteAsync("not even an address", "nor an amount")).Error,
            (await stranger.ConfirmAsync(payment.Id, "key")).Error,
            (await stranger.CancelAsync(payment.Id)).Error,
            (await stranger.Wallet.CancelQuoteAsync(stranger.Id, payment.Id)).Error,
        ];

        answers.ShouldAllBe(e => e != null && e.Kind == ErrorKind.NotFound && e.Code == "wallet_not_found");
        world.Storage.TextWithout(GrainState.Suspense).ShouldBe(before);
    }

    [Fact]
    public async Task A_wallet_that_nobody_opened_is_nobodys()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var user = world.NewUnopenedUser();

        (await user.Wallet.GetAsync(user.Id)).Error!.Code.ShouldBe("wallet_not_found");
        (await user.Wallet.GetAsync(default)).Error!.Code.ShouldBe("wallet_not_found");
        (await user.ConfirmAsync(PaymentId.New(TimeProvider.System))).Error!.Code.ShouldBe("wallet_not_found");
    }
}
