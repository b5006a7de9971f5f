using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Payments;

/// <summary>Ways through the offers that the network recommends and the ledger refuses.</summary>
public sealed class FailedPathTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    // The bug kept away: the best way was recommended, signed and refused, again and again.
    [Theory]
    [InlineData("10", null)]
    [InlineData("", "4")]
    public async Task A_way_that_the_ledger_refused_comes_after_all_others_for_a_while(string amount, string? source)
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var payee = world.Network.NewOutsider();
        var (brl, eurc) = ($"BRL:{world.Network.Issuer}", $"EURC:{world.Network.Issuer}");
        world.Network.Look(l =>
        {
            l.Market.Decoy("native", 1, world.Network.Usdc, 4, brl);
            return true;
        });
        var first = (await QuoteAsync(payer, payee, amount, source: source)).Value!;
        first.Path!.Hops.ShouldBe([brl]);
        await payer.ConfirmedAsync(first.Id);
        (await payer.UntilAsync(first.Id, PaymentStatus.Failed)).FailureCode.ShouldBe("op_too_few_offers");

        var second = (await QuoteAsync(payer, payee, amount, source: source)).Value!;
        second.Path!.Hops.ShouldBe([eurc]);
        await payer.ConfirmedAsync(second.Id);
        await payer.UntilAsync(second.Id, PaymentStatus.Succeeded);

        world.Business.Advance(FailedPath.Pause);
        (await QuoteAsync(payer, payee, amount, source: source)).Value!.Path!.Hops.ShouldBe([brl]);
    }

    [Fact]
    public async Task A_way_that_the_ledger_refused_twice_is_no_way_for_a_while()
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var payee = world.Network.NewOutsider();
        world.Network.Look(l =>
        {
            l.Market.Clear();
            l.Market.Decoy("native", 1, world.Network.Usdc, 4);
            return true;
        });
        var other = (await QuoteAsync(payer, payee, "5")).Value!;
        for (var time = 0; time < FailedPath.MostTries; time++)
        {
            // Once may be chance: whoever withdrew an offer may make another.
            var quote = (await QuoteAsync(payer, payee, "10")).Value!;
            await payer.ConfirmedAsync(quote.Id);
            await payer.UntilAsync(quote.Id, PaymentStatus.Failed);
        }

        (await QuoteAsync(payer, payee, "10")).Error!.Code.ShouldBe("no_path");
        (await payer.ConfirmAsync(other.Id)).Error!.Code.ShouldBe("no_path");

        world.Business.Advance(FailedPath.Pause);
        (await QuoteAsync(payer, payee, "10")).Error.ShouldBeNull();
    }

    private static async Task<TestUser> FundedAsync(TestWorld world)
    {
        world.Network.Ledger.Market.Set("native", 4, world.Network.Usdc, 1, $"EURC:{world.Network.Issuer}");
        var user = await world.NewUserAsync();
        (await user.FundAsync()).IsSuccess.ShouldBeTrue();
        await TestWorld.UntilAsync(
            async () => (await user.ViewAsync()).Balances.Single(b => b.Asset.IsNative).Balance > 0, "the wallet has its XLM");
        return user;
    }

    private static Task<Result<PaymentView>> QuoteAsync(TestUser payer, string payee, string amount, string? source = null) =>
        payer.Wallet.QuoteAsync(
            payer.Id, new QuoteRequest(payee, "bob@example.com", "USDC", amount, SourceAsset: "XLM", SourceAmount: source),
            TestContext.Current.CancellationToken);
}
