using Orleans.Runtime;

namespace StellarPay.Bench.Runtime;

/// <summary>Answers calls, and makes some.</summary>
[Alias("bench.IPingGrain")]
public interface IPingGrain : IGrainWithStringKey
{
    [Alias("Ping")]
    Task<long> Ping(long value);

    [Alias("CallNeighbour")]
    Task CallNeighbour(int calls);
}

/// <summary>Does nothing, but has state.</summary>
[Alias("bench.IIdleGrain")]
public interface IIdleGrain : IGrainWithStringKey
{
    [Alias("Touch")]
    Task Touch();
}

public sealed class PingGrain : Grain, IPingGrain
{
    public Task<long> Ping(long value) => Task.FromResult(value);

    public async Task CallNeighbour(int calls)
    {
        var neighbour = GrainFactory.GetGrain<IPingGrain>($"{this.GetPrimaryKeyString()}_neighbour");
        for (var i = 0; i < calls; i++)
        {
            await neighbour.Ping(i);
        }
    }
}

public sealed class IdleGrain([PersistentState("bench-idle")] IPersistentState<IdleState> state) : Grain, IIdleGrain
{
    public Task Touch()
    {
        state.State.Touched++;
        return Task.CompletedTask;
    }
}

[GenerateSerializer, Alias("bench.IdleState")]
public sealed class IdleState
{
    [Id(0)]
    public long Touched { get; set; }
}
