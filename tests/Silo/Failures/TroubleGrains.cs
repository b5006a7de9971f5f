using Orleans.Runtime.Placement;
using StellarPay.Grains.Failures;
using StellarPay.Grains.Storage;

namespace StellarPay.Silo.Tests.Failures;

/// <summary>A grain that fails; its key says how: the kind of trouble, a colon and something unique.</summary>
internal interface ITroubleGrain : IGrainWithStringKey
{
    Task CallAsync();
}

internal interface IMethodTroubleGrain : ITroubleGrain;

internal interface IActivationTroubleGrain : ITroubleGrain;

internal interface IReadTroubleGrain : ITroubleGrain;

internal interface IConstructorTroubleGrain : ITroubleGrain;

internal interface IPassOnGrain : IGrainWithStringKey
{
    /// <summary>Calls the grain that fails, which is placed on a silo.</summary>
    Task CallAsync(string key, SiloAddress silo);
}

internal sealed class MethodTroubleGrain : Grain, IMethodTroubleGrain
{
    public async Task CallAsync()
    {
        await Task.Yield();
        throw Trouble.Of(TroubleKey.KindOf(this.GetPrimaryKeyString()));
    }
}

internal sealed class ActivationTroubleGrain : ActivatedGrain, IActivationTroubleGrain
{
    public Task CallAsync() => Task.CompletedTask;

    protected override async Task ActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        throw Trouble.Of(TroubleKey.KindOf(this.GetPrimaryKeyString()));
    }
}

internal sealed class ReadTroubleGrain(
    [PersistentState("tests_trouble", GrainState.Provider)] IPersistentState<TroubleState> state) : Grain, IReadTroubleGrain
{
    public Task CallAsync() => Task.FromResult(state.State);
}

internal sealed class ConstructorTroubleGrain : Grain, IConstructorTroubleGrain
{
    public ConstructorTroubleGrain(IGrainContext context) =>
        throw Trouble.Of(TroubleKey.KindOf(context.GrainId.Key.ToString()!));

    public Task CallAsync() => Task.CompletedTask;
}

internal sealed class PassOnGrain : Grain, IPassOnGrain
{
    public Task CallAsync(string key, SiloAddress silo)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        return GrainFactory.GetGrain<IMethodTroubleGrain>(key).CallAsync();
    }
}

[GenerateSerializer]
internal sealed class TroubleState;

internal static class TroubleKey
{
    public static string New(string kind) => $"{kind}:{Guid.NewGuid():N}";

    public static string KindOf(string key) => key.Split(':')[0];
}
