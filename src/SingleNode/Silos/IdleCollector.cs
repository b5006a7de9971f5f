namespace StellarPay.SingleNode;

/// <summary>Ends the activations of a silo that nobody has used for a while.</summary>
internal sealed class IdleCollector(Silo silo) : IDisposable
{
    private ITimer? _timer;

    public void Start()
    {
        var quantum = silo.Collection.CollectionQuantum;
        _timer = silo.Time.CreateTimer(static self => ((IdleCollector)self!).Collect(), this, quantum, quantum);
    }

    public void Dispose() => _timer?.Dispose();

    private void Collect()
    {
        var now = silo.Time.GetTimestamp();
        foreach (var activation in silo.Cluster.On(silo))
        {
            var age = AgeOf(activation.Class);
            if (age != Timeout.InfiniteTimeSpan)
            {
                activation.CollectIfIdle(now, age);
            }
        }
    }

    private TimeSpan AgeOf(GrainClass grainClass) =>
        silo.Collection.ClassSpecificCollectionAge.TryGetValue(grainClass.Type.FullName!, out var named) ? named
        : grainClass.OwnCollectionAge ?? silo.Collection.CollectionAge;
}
