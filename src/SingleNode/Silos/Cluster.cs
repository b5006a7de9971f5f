using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>The silos of this process that belong together, and where each grain is.</summary>
internal sealed class Cluster
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private readonly ConcurrentDictionary<(SiloAddress, GrainId), StatelessWorkers> _workers = new();
    private readonly ConcurrentDictionary<Type, object> _shared = new();
    private ImmutableArray<Silo> _silos = [];
    private int _nextSilo;

    public Observers Observers { get; } = new();

    public ImmutableArray<Silo> Silos => _silos;

    public IEnumerable<Activation> Activations => _activations.Select(each => each.Value)
        .Concat(_workers.SelectMany(each => each.Value.All));

    public int ActivationCount => _activations.Count + _workers.Sum(each => each.Value.All.Length);

    /// <summary>Raised when a silo has come or gone.</summary>
    public event Action? SilosChanged;

    /// <summary>One object of a type for the whole cluster, such as the store that stands for memory.</summary>
    public T Shared<T>(Func<T> create)
        where T : class => (T)_shared.GetOrAdd(typeof(T), static (_, make) => make(), create);

    public void Join(Silo silo)
    {
        ImmutableInterlocked.Update(ref _silos, static (all, one) => all.Add(one), silo);
        SilosChanged?.Invoke();
    }

    public void Leave(Silo silo)
    {
        ImmutableInterlocked.Update(ref _silos, static (all, one) => all.Remove(one), silo);
        SilosChanged?.Invoke();
    }

    public Activation? Find(GrainId grainId) => _activations.GetValueOrDefault(grainId);

    /// <summary>Brings a call to its target, which is activated if need be. Errors become the call's answer.</summary>
    public void Deliver(GrainCall call)
    {
        try
        {
            var target = call.Reference!.GrainId;
            if (Observers.TryDeliver(target, call))
            {
                return;
            }

            while (!ActivationFor(target, call).Receive(call))
            {
                // The activation ended between the look-up and the delivery; the next look-up finds or makes another.
            }
        }
        catch (Exception error)
        {
            call.Answer(error);
        }
    }

    public void Forget(Activation activation)
    {
        if (activation.Class.MaxWorkers > 0)
        {
            if (_workers.TryGetValue((activation.Silo.SiloAddress, activation.GrainId), out var workers))
            {
                workers.Remove(activation);
            }
        }
        else
        {
            _activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));
        }
    }

    public IReadOnlyList<Activation> On(Silo silo) => [.. Activations.Where(each => each.Silo == silo)];

    private Activation ActivationFor(GrainId grainId, GrainCall call)
    {
        if (_activations.TryGetValue(grainId, out var found))
        {
            if (!found.IsDead)
            {
                return found;
            }

            Forget(found);
        }

        var grainClass = GrainClasses.All.Of(grainId.Type);
        var silo = Place(grainClass, call);
        if (grainClass.MaxWorkers > 0)
        {
            return _workers.GetOrAdd(
                (silo.SiloAddress, grainId), static (_, made) => new StatelessWorkers(made.Id, made.Class, made.Silo),
                (Id: grainId, Class: grainClass, Silo: silo)).Next();
        }

        var fresh = new Activation(grainId, grainClass, silo);
        var winner = _activations.GetOrAdd(grainId, fresh);
        if (ReferenceEquals(winner, fresh))
        {
            fresh.Start();
        }

        return winner;
    }

    private Silo Place(GrainClass grainClass, GrainCall call)
    {
        var active = _silos.Where(static silo => silo.TakesActivations).ToArray();
        if (active.Length == 0)
        {
            throw new SiloUnavailableException($"No active silo can take {call}.");
        }

        var local = call.Sender?.Silo;
        return (grainClass.PrefersLocal || grainClass.MaxWorkers > 0) && local is { TakesActivations: true }
            ? local
            : active[(int)((uint)Interlocked.Increment(ref _nextSilo) % (uint)active.Length)];
    }
}
