using Orleans.Core;
using Orleans.Runtime;
using StellarPay.SingleNode;

namespace Orleans;

/// <summary>A grain with one stored state, read before it is activated.</summary>
public class Grain<TGrainState> : Grain
{
    private IStorage<TGrainState>? _storage;

    protected Grain()
    {
        var context = (Activation)GrainContext;
        context.ObservableLifecycle.Subscribe(
            GetType().Name, GrainLifecycleStage.SetupState, new ReadOnStart(this));
    }

    protected Grain(IStorage<TGrainState> storage) => _storage = storage;

    protected TGrainState State
    {
        get => Storage.State;
        set => Storage.State = value;
    }

    private IStorage<TGrainState> Storage => _storage ??= Runtime.GetStorage<TGrainState>(GrainContext);

    protected virtual Task ClearStateAsync() => Storage.ClearStateAsync();

    protected virtual Task WriteStateAsync() => Storage.WriteStateAsync();

    protected virtual Task ReadStateAsync() => Storage.ReadStateAsync();

    private sealed class ReadOnStart(Grain<TGrainState> grain) : ILifecycleObserver
    {
        public Task OnStart(CancellationToken cancellationToken = default) => grain.ReadStateAsync();

        public Task OnStop(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
