using System.Collections.Immutable;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>The activations of one stateless worker on one silo.</summary>
internal sealed class StatelessWorkers(GrainId grainId, GrainClass grainClass, Silo silo)
{
    private readonly Lock _gate = new();
    private ImmutableArray<Activation> _all = [];
    private int _next;

    public ImmutableArray<Activation> All => _all;

    /// <summary>An idle worker, else a new one, else the one whose turn it is.</summary>
    public Activation Next()
    {
        lock (_gate)
        {
            foreach (var worker in _all)
            {
                if (worker is { IsDead: false, IsUnused: true })
                {
                    return worker;
                }
            }

            if (_all.Length >= grainClass.MaxWorkers)
            {
                return _all[_next++ % _all.Length];
            }

            var fresh = new Activation(grainId, grainClass, silo);
            _all = _all.Add(fresh);
            fresh.Start();
            return fresh;
        }
    }

    public void Remove(Activation worker)
    {
        lock (_gate)
        {
            _all = _all.Remove(worker);
        }
    }
}
