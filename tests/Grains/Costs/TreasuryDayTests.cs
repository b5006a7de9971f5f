using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Tests.World;
using static StellarPay.Grains.Tests.Platform.Treasury.TreasuryWorld;

namespace StellarPay.Grains.Tests.Costs;

/// <summary>The treasury has a day's budget: whoever empties the platform's accounts empties no more than that.</summary>
public sealed class TreasuryDayTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_the_day_s_budget_is_used_up_nothing_is_sent_an_alarm_rings_and_the_next_day_it_goes_on()
    {
        await using var world = await StartAsync(
            with: services => services.Configure<BudgetOptions>(options => options.TreasuryXlmPerDay = 1_200));
        var address = await UnfundedAsync(world);
        var before = TreasuryHas(world);
        for (var emptied = 0; emptied < 2; emptied++)
        {
            Put(world, address, 0);
            (await Grain(world).TopUpAsync(Fees, Cancelled)).Error.ShouldBeNull();
            await UntilHasAsync(world, address, TopUp);
            await UntilIdleAsync(world);
            world.Business.Advance(TimeSpan.FromMinutes(10));
        }

        Put(world, address, 0);
        var refused = (await Grain(world).TopUpAsync(Fees, Cancelled)).Error!;

        refused.Code.ShouldBe("top_up_budget_used");
        world.Log.Lines.ShouldContain(line => line.Contains("the treasury has sent as much as it may today", StringComparison.Ordinal));
        (before - TreasuryHas(world)).ShouldBe(2 * TopUp);
        var now = world.Business.GetUtcNow();
        world.Business.Advance(new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero) - now);
        (await Grain(world).TopUpAsync(Fees, Cancelled)).Error.ShouldBeNull();
        await UntilHasAsync(world, address, TopUp);
    }

    [Fact]
    public async Task What_the_ledger_refused_counts_for_nothing()
    {
        await using var world = await StartAsync(
            with: services => services.Configure<BudgetOptions>(options => options.TreasuryXlmPerDay = 500));
        var address = await UnfundedAsync(world);
        world.Network.Next(Answer.RefuseForGood);
        await Grain(world).TopUpAsync(Fees, Cancelled);
        await UntilIdleAsync(world);
        world.Business.Advance(TimeSpan.FromMinutes(10));

        (await Grain(world).TopUpAsync(Fees, Cancelled)).Error.ShouldBeNull();
        await UntilHasAsync(world, address, TopUp);
    }
}
