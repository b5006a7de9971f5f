using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform.Treasury;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Costs;

/// <summary>A fee in XLM, of an account of which the network keeps a reserve: amount and fee together must leave it.</summary>
public sealed class FeeReserveTests
{
    [Fact]
    public async Task What_is_left_beside_the_fee_must_be_the_networks_reserve()
    {
        await using var world = await TestWorld.StartAsync(
            with: services => services.Configure<CostOptions>(options => options.FreeOperations.Tier0 = 0));
        world.Rates.Set("XLM", 0.01m);
        var treasury = world.Grains.GetGrain<ITreasuryGrain>(ITreasuryGrain.Key);
        (await treasury.EnsureAsync(TestContext.Current.CancellationToken)).Error.ShouldBeNull();
        var (payer, payee) = (await Adopted.NewAsync(world), world.Network.NewOutsider());
        var small = (await payer.QuoteAsync(payee, "1", asset: "XLM")).Value!;
        small.FeeStroops.ShouldBeGreaterThan(0);
        (await payer.CancelAsync(small.Id)).Error.ShouldBeNull();
        var most = Adopted.Balance - Adopted.Reserve - small.FeeStroops;

        var refused = (await payer.QuoteAsync(payee, Amount.Format(most + 1), asset: "XLM")).Error!;

        (refused.Code, refused.Message).ShouldBe(("insufficient_funds", Adopted.InReserve));
        (await Adopted.XlmAsync(payer)).Reserved.ShouldBe(0);
        var quoted = (await payer.QuoteAsync(payee, Amount.Format(most), asset: "XLM")).Value!;
        await payer.ConfirmedAsync(quoted.Id);
        await payer.UntilAsync(quoted.Id, PaymentStatus.Succeeded);
        await TestWorld.UntilAsync(async () => (await Adopted.XlmAsync(payer)).Balance == Adopted.Reserve, "all else has left");
        var address = await payer.AddressAsync();
        world.Network.Look(ledger => ledger.Accounts[address].Native).ShouldBe(Adopted.Reserve);
    }
}
