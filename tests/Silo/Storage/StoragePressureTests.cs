using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Storage;
using Orleans.TestingHost;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Grains.Access;
using StellarPay.Grains.Failures;
using StellarPay.Grains.Storage;
using StellarPay.Silo.Hosting;

namespace StellarPay.Silo.Tests.Storage;

/// <summary>While states wait to be stored, calls from outside that would write more are refused before they decide.</summary>
public sealed class StoragePressureTests : IAsyncLifetime
{
    private readonly Pressure _pressure = new();
    private readonly InProcessTestCluster _cluster;

    public StoragePressureTests()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IStoragePressure>(_pressure);
            silo.AddMemoryGrainStorage(GrainState.HotProvider).AddMemoryGrainStorage(GrainState.Provider);
            silo.AddIncomingGrainCallFilter<StoragePressureFilter>();
        });
        _cluster = builder.Build();
    }

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Only_calls_from_outside_that_write_hot_states_are_refused_and_only_meanwhile()
    {
        var (hot, cool) = (_cluster.Client.GetGrain<IHotGrain>("hot_1"), _cluster.Client.GetGrain<ICoolGrain>("cool_1"));
        (await hot.CountAsync()).ShouldBe(1);

        _pressure.IsHigh = true;
        await Should.ThrowAsync<NotBegunException>(hot.CountAsync());
        (await hot.LookAsync()).ShouldBe(1);
        // A grain's own call goes on, or what was begun could not be ended.
        (await cool.CountThereAsync("hot_1")).ShouldBe(2);
        // Nor does a flood keep an operator from what stops it.
        (await _cluster.Client.GetGrain<IHotControl>("hot_1").StopAsync()).ShouldBe(3);

        _pressure.IsHigh = false;
        (await hot.CountAsync()).ShouldBe(4);
    }

    private sealed class Pressure : IStoragePressure
    {
        public TimeSpan Delay => IsHigh ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;

        public bool IsHigh { get; set; }
    }
}

internal interface IHotGrain : IGrainWithStringKey
{
    Task<int> CountAsync();

    [ReadOnly]
    Task<int> LookAsync();
}

[ForOperators]
internal interface IHotControl : IGrainWithStringKey
{
    Task<int> StopAsync();
}

internal interface ICoolGrain : IGrainWithStringKey
{
    Task<int> CountThereAsync(string hot);
}

internal sealed class HotGrain([PersistentState("tests_hot", GrainState.HotProvider)] IPersistentState<HotState> state)
    : Grain, IHotGrain, IHotControl
{
    public async Task<int> CountAsync()
    {
        state.State.Count++;
        await state.WriteStateAsync();
        return state.State.Count;
    }

    public Task<int> StopAsync() => CountAsync();

    public Task<int> LookAsync() => Task.FromResult(state.State.Count);
}

internal sealed class CoolGrain : Grain, ICoolGrain
{
    public Task<int> CountThereAsync(string hot) => GrainFactory.GetGrain<IHotGrain>(hot).CountAsync();
}

[GenerateSerializer]
internal sealed class HotState
{
    [Id(0)] public int Count { get; set; }
}
