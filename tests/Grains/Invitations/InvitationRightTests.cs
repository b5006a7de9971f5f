using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.Limits;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Invitations;

/// <summary>
/// The right of whoever confirmed a name, against its sender and against himself. The bugs kept away: what the sender asked for afterwards
/// came first, until the invitation failed and the money was his again; and a wallet that was closed for a while ended it at once.
/// </summary>
public sealed class InvitationRightTests(FactorWorld shared) : IClassFixture<FactorWorld>
{
    private const long Thousand = 10_000_000_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sender_who_pays_a_little_each_day_does_not_use_up_the_limit_that_he_promised()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, payee, name) = (await world.NewUserAsync("3000"), await world.NewUserAsync(), new Invited(world));
        var outsider = world.Network.NewOutsider();
        var made = await name.MadeAsync(sender, "1000");

        // It counts from the moment on in which it is made.
        (await UsedAsync(sender)).ShouldBe(Thousand);
        (await sender.QuoteAsync(outsider, "0.01")).Error!.Code.ShouldBe("daily_limit_exceeded");
        (await new Invited(world).ByAsync(sender, "1")).Error!.Code.ShouldBe("daily_limit_exceeded");
        world.Business.Advance(TimeSpan.FromHours(25));
        await sender.UntilAsync((await sender.PayAsync(outsider, "0.01")).Id, PaymentStatus.Succeeded);
        await name.ConfirmAndTellAsync(payee);

        await Invited.UntilAsync(sender, made.Id, InvitationStatus.Paid);
        await payee.UntilBalanceAsync(Thousand);
        // And on the day on which it is paid, so that nothing else is.
        (await UsedAsync(sender)).ShouldBe(Thousand + 100_000);
        (await sender.QuoteAsync(outsider, "0.01")).Error!.Code.ShouldBe("daily_limit_exceeded");
    }

    [Fact]
    public async Task What_is_taken_back_or_confirmed_by_nobody_counts_no_more()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, name) = (await world.NewUserAsync("1000"), new Invited(world));
        var made = await name.MadeAsync(sender, "1000");
        (await Invited.CancelAsync(sender, made.Id)).Error.ShouldBeNull();
        (await UsedAsync(sender)).ShouldBe(0);

        var late = await new Invited(world).MadeAsync(sender, "700");
        (await MonthAsync(sender)).ShouldBe(7_000_000_000);
        world.Business.Advance(TimeSpan.FromDays(14) + TimeSpan.FromMinutes(2));

        await Invited.UntilAsync(sender, late.Id, InvitationStatus.Expired);
        (await MonthAsync(sender)).ShouldBe(0);
    }

    [Theory]
    [InlineData("200", PayerProof.Session, false)]
    [InlineData("5000", PayerProof.FactorShown, true)]
    public async Task A_sender_who_sets_a_factor_up_or_removes_it_afterwards_has_been_asked_already(
        string amount, PayerProof proof, bool factor)
    {
        await using var world = await shared.StartOwnAsync();
        var sender = factor ? await world.NewProtectedUserAsync("6000") : await world.NewUserAsync("6000");
        var (payee, name) = (await world.NewUserAsync(), new Invited(world));
        var made = (await name.ByAsync(sender, amount, proof: proof)).Value!;

        (await sender.TellAsync(!factor, 2)).ShouldBeTrue();
        await name.ConfirmAndTellAsync(payee);

        await Invited.UntilAsync(sender, made.Id, InvitationStatus.Paid);
        await payee.UntilBalanceAsync(made.Amount.Stroops);
    }

    [Fact]
    public async Task A_sender_who_has_as_many_quotes_as_may_be_has_a_place_for_it_nevertheless()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, payee, name) = (await world.NewUserAsync("100"), await world.NewUserAsync(), new Invited(world));
        var (outsider, made) = (world.Network.NewOutsider(), await name.MadeAsync(sender, "4"));
        for (var quoted = 0; quoted < PaymentBook.MaxOpen; quoted++)
        {
            await sender.QuotedAsync(outsider, "0.1");
        }

        (await sender.QuoteAsync(outsider, "0.1")).Error!.Code.ShouldBe("too_many_open_payments");
        await name.ConfirmAndTellAsync(payee);

        await Invited.UntilAsync(sender, made.Id, InvitationStatus.Paid);
        await payee.UntilBalanceAsync(40_000_000);
    }

    [Fact]
    public async Task A_recipient_who_has_closed_his_wallet_is_waited_for_until_he_has_it_opened_again()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, name) = (await world.NewUserAsync("10"), new Invited(world));
        var payee = await ClosedAsync(world);
        var made = await name.MadeAsync(sender, "4");
        await name.ConfirmAndTellAsync(payee);
        world.Business.Advance(TimeSpan.FromHours(71));
        await world.SweepAsync();
        (await Invited.OfAsync(sender, made.Id)).Status.ShouldBe(InvitationStatus.Due);

        (await Closing(payee).ReopenAsync(payee.Id, cancellationToken: Cancelled)).Error.ShouldBeNull();
        await world.UntilAfterSweepsAsync(async () => (await payee.ViewAsync()).Status == WalletStatus.Active, "it is open again");
        world.Business.Advance(TimeSpan.FromMinutes(6));

        await Invited.UntilAsync(sender, made.Id, InvitationStatus.Paid);
        await payee.UntilBalanceAsync(40_000_000);
    }

    [Fact]
    public async Task One_who_has_given_his_wallet_up_for_good_is_not_waited_for()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, name) = (await world.NewUserAsync("10"), new Invited(world));
        var payee = await ClosedAsync(world);
        (await Closing(payee).RetireAsync(payee.Id, PayerProof.Session)).Error.ShouldBeNull();
        var made = await name.MadeAsync(sender, "4");
        await name.ConfirmAndTellAsync(payee);

        (await Invited.UntilAsync(sender, made.Id, InvitationStatus.Failed)).FailureCode.ShouldBe("recipient_closed");
        ((await sender.UsdcAsync()).Reserved, await UsedAsync(sender)).ShouldBe((0, 0));
    }

    private static async Task<TestUser> ClosedAsync(TestWorld world)
    {
        var (user, outsider) = (await world.NewUserAsync(), world.Network.NewOutsider());
        (await Closing(user).CloseAsync(user.Id, new CloseRequest(outsider, outsider), Cancelled)).Error.ShouldBeNull();
        await world.UntilAfterSweepsAsync(async () => (await user.ViewAsync()).Status == WalletStatus.Closed, "it is closed");
        return user;
    }

    private static IWalletClosing Closing(TestUser user) => user.World.Grains.GetGrain<IWalletClosing>(user.Key);

    private static async Task<long> UsedAsync(TestUser user) => (await user.Wallet.GetLimitsAsync(user.Id)).Value!.Daily.Used;

    private static async Task<long> MonthAsync(TestUser user) => (await user.Wallet.GetLimitsAsync(user.Id)).Value!.Monthly.Used;
}
