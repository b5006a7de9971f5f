using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>A start and a stop in stages, each stage's observers at once.</summary>
internal class StagedLifecycle : ILifecycleObservable
{
    private readonly List<Entry> _entries = [];
    private readonly List<int> _started = [];

    public int HighestCompletedStage { get; private set; } = int.MinValue;

    public int LowestStoppedStage { get; private set; } = int.MaxValue;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        var entry = new Entry(this, stage, observer);
        _entries.Add(entry);
        return entry;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var stage in _entries.GroupBy(entry => entry.Stage).OrderBy(stage => stage.Key).ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            _started.Add(stage.Key);
            await Task.WhenAll(stage.Select(entry => entry.Observer.OnStart(cancellationToken)));
            HighestCompletedStage = stage.Key;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var errors = new List<Exception>();
        foreach (var stage in _entries.GroupBy(entry => entry.Stage).OrderByDescending(stage => stage.Key).ToArray())
        {
            if (!_started.Contains(stage.Key))
            {
                continue;
            }

            try
            {
                await Task.WhenAll(stage.Select(entry => entry.Observer.OnStop(cancellationToken)));
            }
            catch (Exception error)
            {
                errors.Add(error);
            }

            LowestStoppedStage = stage.Key;
        }

        if (errors.Count > 0)
        {
            throw new AggregateException(errors);
        }
    }

    private sealed class Entry(StagedLifecycle owner, int stage, ILifecycleObserver observer) : IDisposable
    {
        public int Stage { get; } = stage;

        public ILifecycleObserver Observer { get; } = observer;

        public void Dispose() => owner._entries.Remove(this);
    }
}

/// <summary>The lifecycle of an activation.</summary>
internal sealed class ActivationLifecycle : StagedLifecycle, IGrainLifecycle;

/// <summary>The lifecycle of a silo.</summary>
internal sealed class SiloLifecycle : StagedLifecycle, ISiloLifecycle;
