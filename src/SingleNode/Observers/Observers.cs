using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>The objects outside the grains that grains may call. They are held weakly, as Orleans holds them.</summary>
internal sealed class Observers
{
    private static readonly GrainType ObserverType = GrainType.Create("sys.observer");

    private readonly ConcurrentDictionary<GrainId, ObserverTarget> _targets = new();

    public GrainId Register(IGrainObserver observer)
    {
        var id = GrainId.Create(ObserverType, Guid.NewGuid().ToString("N"));
        _targets[id] = new ObserverTarget(observer);
        return id;
    }

    public void Unregister(GrainId id) => _targets.TryRemove(id, out _);

    public bool TryDeliver(GrainId id, GrainCall call)
    {
        if (id.Type != ObserverType)
        {
            return false;
        }

        if (_targets.TryGetValue(id, out var target) && target.TryReceive(call))
        {
            return true;
        }

        _targets.TryRemove(id, out _);
        call.Answer(new ClientNotAvailableException(id));
        return true;
    }
}

/// <summary>One observer; its calls run one after the other, on the thread pool.</summary>
internal sealed class ObserverTarget(IGrainObserver observer)
{
    private readonly WeakReference<IGrainObserver> _observer = new(observer);
    private readonly Lock _gate = new();
    private readonly Queue<(GrainCall Call, IGrainObserver Target)> _waiting = new();
    private bool _isRunning;

    public bool TryReceive(GrainCall call)
    {
        if (!_observer.TryGetTarget(out var target))
        {
            return false;
        }

        lock (_gate)
        {
            _waiting.Enqueue((call, target));
            if (_isRunning)
            {
                return true;
            }

            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.RunAsync(), this, preferLocal: false);
        return true;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            (GrainCall Call, IGrainObserver Target) next;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out next))
                {
                    _isRunning = false;
                    return;
                }
            }

            CallFlow.Current = next.Call;
            Exception? error = null;
            try
            {
                await next.Call.InvokeAsync(next.Target);
            }
            catch (Exception thrown)
            {
                error = thrown;
            }

            next.Call.Answer(error);
        }
    }
}
