namespace StellarPay.SingleNode.Tests.Life;

public sealed class ActivationTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private static readonly string[] OnceThroughAndAgain =
        ["activated", "deactivated: ApplicationRequested", "activated"];

    [Fact]
    public async Task A_grain_is_activated_once_however_many_call_it_at_the_same_time()
    {
        var calls = Enumerable.Range(0, 50).Select(_ => silo.Grains.GetGrain<ILongLived>("life_once").Touch());

        (await Task.WhenAll(calls)).Distinct().Count().ShouldBe(1);
        Gates.All.Said("life_once").ShouldBe(["activated"]);
    }

    [Fact]
    public async Task A_grain_that_leaves_is_deactivated_and_the_next_call_finds_a_new_one()
    {
        var grain = silo.Grains.GetGrain<ILongLived>("life_leaves");
        var before = await grain.Touch();

        await grain.Leave();

        (await grain.Touch()).ShouldNotBe(before);
        Gates.All.Said("life_leaves").ShouldBe(OnceThroughAndAgain);
    }

    [Fact]
    public async Task A_call_that_arrives_while_a_grain_leaves_is_served_by_the_next_activation()
    {
        var grain = silo.Grains.GetGrain<ILongLived>("life_leaving");
        var before = await grain.Touch();
        var leaving = grain.LeaveAndWait("life_leaving door");
        await Gates.All.HasSaid("life_leaving", "leaving");

        var waiting = grain.Touch();
        Gates.All.Open("life_leaving door");
        await leaving;

        (await waiting).ShouldNotBe(before);
        Gates.All.Said("life_leaving").ShouldBe(
            ["activated", "leaving", "left", "deactivated: ApplicationRequested", "activated"]);
    }

    [Fact]
    public async Task An_exception_at_activation_reaches_the_caller_and_the_next_call_tries_again()
    {
        var grain = silo.Grains.GetGrain<IFails>("life_fails");

        var thrown = await Should.ThrowAsync<Exception>(() => grain.Touch());
        thrown.ToString().ShouldContain("Not today.");
        Gates.All.Open("life_fails may start");

        await grain.Touch();
    }

    [Fact]
    public async Task An_idle_grain_is_collected_and_says_why()
    {
        await silo.Grains.GetGrain<IShortLived>("life_idle").Touch();

        await Gates.All.HasSaid("life_idle", "deactivated: ActivationIdle");
    }

    [Fact]
    public async Task A_grain_that_delays_its_end_outlives_one_that_does_not()
    {
        var staying = silo.Grains.GetGrain<IShortLived>("life_stays");
        var id = await staying.Touch();
        await staying.StayFor(TimeSpan.FromMinutes(10));
        await silo.Grains.GetGrain<IShortLived>("life_goes").Touch();

        await Gates.All.HasSaid("life_goes", "deactivated: ActivationIdle");

        (await staying.Touch()).ShouldBe(id);
        Gates.All.Said("life_stays").ShouldBe(["activated"]);
    }
}
