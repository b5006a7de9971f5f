using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace StellarPay.SingleNode.Tests.Life;

public sealed class SiloTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_silo_that_stops_deactivates_its_grains_and_the_other_silo_takes_them_over()
    {
        await using var cluster = await DeployAsync();
        var second = await cluster.StartAdditionalSiloAsync();
        var grain = await GrainOnAsync(cluster, second, "stop");
        var key = grain.GetPrimaryKeyString();
        var before = await grain.Touch();

        await cluster.StopSiloAsync(second);

        Gates.All.Said(key).ShouldContain("deactivated: ShuttingDown");
        (await TouchAsync(grain)).ShouldNotBe(before);
        (await grain.Silo()).ShouldBe(cluster.Primary!.Name);
    }

    [Fact]
    public async Task The_grains_of_a_killed_silo_start_again_on_the_other()
    {
        await using var cluster = await DeployAsync();
        var second = await cluster.StartAdditionalSiloAsync();
        var grain = await GrainOnAsync(cluster, second, "kill");
        var before = await grain.Touch();

        await cluster.KillSiloAsync(second);

        (await TouchAsync(grain)).ShouldNotBe(before);
        (await grain.Silo()).ShouldBe(cluster.Primary!.Name);
    }

    [Fact]
    public async Task A_call_that_runs_on_a_silo_when_it_is_killed_fails()
    {
        await using var cluster = await DeployAsync();
        var second = await cluster.StartAdditionalSiloAsync();
        var grain = await GrainOnAsync(cluster, second, "inflight");
        var key = grain.GetPrimaryKeyString();
        var inFlight = grain.Wait($"{key} door");
        await Gates.All.HasSaid(key, "waiting");

        await cluster.KillSiloAsync(second);

        // Of Orleans' two, the client may hear only the second: that no answer came in time.
        var failure = await Should.ThrowAsync<Exception>(() => inFlight.WaitAsync(Patience));
        (failure is SiloUnavailableException or TimeoutException).ShouldBeTrue();
        inFlight.IsFaulted.ShouldBeTrue();
    }

    [Fact]
    public async Task Silos_that_are_added_get_their_share_of_the_grains()
    {
        await using var cluster = await DeployAsync();
        var more = await cluster.StartAdditionalSilosAsync(2);

        cluster.Silos.Count.ShouldBe(3);
        foreach (var silo in more)
        {
            await GrainOnAsync(cluster, silo, "share");
        }
    }

    [Fact]
    public async Task Startup_tasks_run_once_the_silo_can_call_grains()
    {
        await using var cluster = await DeployAsync();

        Gates.All.Said(cluster.Options.ClusterId).ShouldBe(["startup task called a grain"]);
    }

    internal static async Task<TestCluster> DeployAsync()
    {
        var builder = new TestClusterBuilder(1);
        builder.AddSiloBuilderConfigurator<Configurator>();
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    internal static async Task<ILongLived> GrainOnAsync(TestCluster cluster, SiloHandle silo, string prefix)
    {
        for (var i = 0; i < 200; i++)
        {
            var grain = cluster.GrainFactory.GetGrain<ILongLived>($"{prefix}_{cluster.Options.ClusterId}_{i}");
            if (await grain.Silo() == silo.Name)
            {
                return grain;
            }
        }

        throw new InvalidOperationException($"None of 200 grains was placed on {silo.Name}.");
    }

    // Orleans needs a moment to see that a silo is gone.
    internal static async Task<string> TouchAsync(ILongLived grain)
    {
        var id = "";
        await Eventually.Holds(
            async () =>
            {
                try
                {
                    id = await grain.Touch();
                    return true;
                }
                catch (SiloUnavailableException)
                {
                    return false;
                }
            },
            "the grain answers again");
        return id;
    }

    private sealed class Configurator : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) => siloBuilder.AddStartupTask(static async (services, _) =>
        {
            var details = services.GetRequiredService<ILocalSiloDetails>();
            if (details.Name == "Primary")
            {
                await services.GetRequiredService<IGrainFactory>().GetGrain<ILongLived>($"startup_{details.ClusterId}").Touch();
                Gates.All.Say(details.ClusterId, "startup task called a grain");
            }
        });
    }
}
