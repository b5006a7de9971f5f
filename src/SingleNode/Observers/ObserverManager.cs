using System.Collections;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Utilities;

/// <summary>The observers of a grain; those that did not subscribe again in time are forgotten.</summary>
public class ObserverManager<TObserver>(TimeSpan expiration, ILogger log)
    : ObserverManager<IAddressable, TObserver>(expiration, log);

/// <summary>The observers of a grain by an identity of the caller's choice.</summary>
public class ObserverManager<TIdentity, TObserver>(TimeSpan expiration, ILogger log) : IEnumerable<TObserver>
    where TIdentity : notnull
{
    private readonly ConcurrentDictionary<TIdentity, (TObserver Observer, DateTime LastSeen)> _observers = new();

    public TimeSpan ExpirationDuration { get; set; } = expiration;

    public Func<DateTime> GetDateTime { get; set; } = static () => TimeProvider.System.GetUtcNow().UtcDateTime;

    public int Count => _observers.Count;

    public IReadOnlyDictionary<TIdentity, TObserver> Observers =>
        _observers.ToDictionary(each => each.Key, each => each.Value.Observer);

    public void Clear() => _observers.Clear();

    public void Subscribe(TIdentity id, TObserver observer) => _observers[id] = (observer, GetDateTime());

    public void Unsubscribe(TIdentity id) => _observers.TryRemove(id, out _);

    public async Task Notify(Func<TObserver, Task> notification, Func<TObserver, bool>? predicate = null)
    {
        foreach (var (id, observer) in Present(predicate))
        {
            try
            {
                await notification(observer);
            }
            catch (Exception error)
            {
                Forget(id, error);
            }
        }
    }

    public void Notify(Action<TObserver> notification, Func<TObserver, bool>? predicate = null)
    {
        foreach (var (id, observer) in Present(predicate))
        {
            try
            {
                notification(observer);
            }
            catch (Exception error)
            {
                Forget(id, error);
            }
        }
    }

    public void ClearExpired()
    {
        var oldest = GetDateTime() - ExpirationDuration;
        foreach (var (id, seen) in _observers)
        {
            if (seen.LastSeen < oldest)
            {
                Unsubscribe(id);
            }
        }
    }

    public IEnumerator<TObserver> GetEnumerator() => _observers.Values.Select(each => each.Observer).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private List<(TIdentity Id, TObserver Observer)> Present(Func<TObserver, bool>? predicate)
    {
        ClearExpired();
        return [.. _observers.Where(each => predicate?.Invoke(each.Value.Observer) != false)
            .Select(each => (each.Key, each.Value.Observer))];
    }

    private void Forget(TIdentity id, Exception error)
    {
        StellarPay.SingleNode.ObserverLog.Defunct(log, error, id.ToString());
        Unsubscribe(id);
    }
}
