using Orleans;
using Orleans.Core;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Timers;

namespace StellarPay.SingleNode;

/// <summary>What a silo offers its grains.</summary>
internal sealed class GrainRuntime(Silo silo, IGrainFactory factory, ITimerRegistry timers) : IGrainRuntime
{
    // The name under which Orleans stores the state of a Grain<T>.
    private const string StateName = "state";

    public string SiloIdentity => silo.SiloAddress.ToString();

    public SiloAddress SiloAddress => silo.SiloAddress;

    public IGrainFactory GrainFactory { get; } = factory;

    public ITimerRegistry TimerRegistry { get; } = timers;

    public IServiceProvider ServiceProvider => silo.Services;

    public TimeProvider TimeProvider => silo.Time;

    public void DeactivateOnIdle(IGrainContext grainContext) => grainContext.Deactivate(new DeactivationReason(
        DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."));

    public void DelayDeactivation(IGrainContext grainContext, TimeSpan timeSpan) =>
        ((Activation)grainContext).DelayDeactivation(timeSpan);

    public IStorage<TGrainState> GetStorage<TGrainState>(IGrainContext grainContext)
    {
        var grainClass = ((Activation)grainContext).Class.Type;
        var named = (StorageProviderAttribute?)Attribute.GetCustomAttribute(grainClass, typeof(StorageProviderAttribute));
        return PersistentStates.Create<TGrainState>((Activation)grainContext, StateName, named?.ProviderName);
    }
}

/// <summary>Makes the timers of activations.</summary>
internal sealed class TimerRegistry : ITimerRegistry
{
    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext,
        Func<TState, CancellationToken, Task> callback,
        TState state,
        GrainTimerCreationOptions options) =>
        new GrainTimer<TState>((Activation)grainContext, callback, state, options);
}

/// <summary>Gives the activation whose turn is running.</summary>
internal sealed class GrainContextAccessor : IGrainContextAccessor
{
    public IGrainContext GrainContext => Activation.Current!;
}
