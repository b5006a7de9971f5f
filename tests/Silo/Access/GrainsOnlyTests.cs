using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using StellarPay.Grains.Access;
using StellarPay.Grains.Failures;
using StellarPay.Silo.Hosting;

namespace StellarPay.Silo.Tests.Access;

/// <summary>What only grains may call of each other, no client of the cluster calls, wherever its process is.</summary>
public sealed class GrainsOnlyTests : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;

    public GrainsOnlyTests()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.AddIncomingGrainCallFilter<GrainsOnlyFilter>());
        _cluster = builder.Build();
    }

    // A front door in a process of its own, and one in the silo's.
    public enum FrontDoor
    {
        OfItsOwn,
        InASilo,
    }

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(FrontDoor.OfItsOwn)]
    [InlineData(FrontDoor.InASilo)]
    public async Task A_front_door_is_refused_what_grains_call_and_served_what_users_call(FrontDoor door)
    {
        var grains = GrainsOf(door);

        (await grains.GetGrain<IVisitedGrain>("visited_1").LookAsync()).ShouldBe(0);
        var refused = await Should.ThrowAsync<GrainFailedException>(grains.GetGrain<IVisitedInternal>("visited_1").AdvanceAsync());

        refused.Message.ShouldEndWith("IVisitedInternal.AdvanceAsync is for grains only.");
        (await grains.GetGrain<IVisitedGrain>("visited_1").LookAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(FrontDoor.OfItsOwn)]
    [InlineData(FrontDoor.InASilo)]
    public async Task What_an_interface_for_users_inherits_from_one_for_grains_is_refused_too(FrontDoor door)
    {
        var grains = GrainsOf(door);

        await Should.ThrowAsync<GrainFailedException>(grains.GetGrain<IVisitedGrain>("visited_1").WakeAsync());

        (await grains.GetGrain<IVisitedGrain>("visited_1").LookAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_grain_calls_what_is_for_grains()
    {
        await _cluster.Client.GetGrain<IVisitorGrain>("visitor_1").VisitAsync("visited_1");

        (await _cluster.Client.GetGrain<IVisitedGrain>("visited_1").LookAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task What_a_host_begins_comes_from_a_silos_own_process_alone()
    {
        await Should.ThrowAsync<GrainFailedException>(
            GrainsOf(FrontDoor.OfItsOwn).GetGrain<IVisitedInternal>("visited_1").StartAsync());

        await GrainsOf(FrontDoor.InASilo).GetGrain<IVisitedInternal>("visited_1").StartAsync();

        (await _cluster.Client.GetGrain<IVisitedGrain>("visited_1").LookAsync()).ShouldBe(1);
    }

    [Theory]
    [InlineData(FrontDoor.OfItsOwn)]
    [InlineData(FrontDoor.InASilo)]
    public async Task What_is_for_front_doors_serves_them_and_refuses_grains(FrontDoor door)
    {
        await GrainsOf(door).GetGrain<ICountedGrain>("visited_1").CountAsync();

        var refused = await Should.ThrowAsync<GrainFailedException>(
            GrainsOf(door).GetGrain<IVisitorGrain>("visitor_1").CountAsync("visited_1"));

        refused.Message.ShouldEndWith("ICountedGrain.CountAsync is for front doors only.");
        (await GrainsOf(door).GetGrain<IVisitedGrain>("visited_1").LookAsync()).ShouldBe(1);
    }

    private IGrainFactory GrainsOf(FrontDoor door) =>
        door == FrontDoor.OfItsOwn ? _cluster.Client : _cluster.Silos[0].ServiceProvider.GetRequiredService<IGrainFactory>();
}

[GrainsOnly]
internal interface IWokenGrain : IGrainWithStringKey
{
    Task WakeAsync();
}

[ForUsers]
internal interface IVisitedGrain : IWokenGrain
{
    Task<int> LookAsync();
}

[GrainsOnly]
internal interface IVisitedInternal : IGrainWithStringKey
{
    Task AdvanceAsync();

    [AlsoHosts]
    Task StartAsync();
}

[ForDoors]
internal interface ICountedGrain : IGrainWithStringKey
{
    Task CountAsync();
}

internal interface IVisitorGrain : IGrainWithStringKey
{
    Task CountAsync(string whom);

    Task VisitAsync(string whom);
}

internal sealed class VisitedGrain : Grain, IVisitedGrain, IVisitedInternal, ICountedGrain
{
    private int _visits;

    public Task WakeAsync() => AdvanceAsync();

    public Task StartAsync() => AdvanceAsync();

    public Task CountAsync() => AdvanceAsync();

    public Task AdvanceAsync()
    {
        _visits++;
        return Task.CompletedTask;
    }

    public Task<int> LookAsync() => Task.FromResult(_visits);
}

internal sealed class VisitorGrain : Grain, IVisitorGrain
{
    public Task CountAsync(string whom) => GrainFactory.GetGrain<ICountedGrain>(whom).CountAsync();

    public async Task VisitAsync(string whom)
    {
        await GrainFactory.GetGrain<IVisitedInternal>(whom).AdvanceAsync();
        await GrainFactory.GetGrain<IVisitedGrain>(whom).WakeAsync();
    }
}
