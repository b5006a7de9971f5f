using System.Diagnostics.CodeAnalysis;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout.Memory;

/// <summary>
/// What is remembered of so many sessions for so long; beyond, those that were put first give way. Whoever uses it sees to it that it is
/// used by one at a time.
/// </summary>
internal sealed class CheckoutShelf<T>(int most, TimeSpan lasts, TimeProvider time)
    where T : class
{
    private readonly Dictionary<PaymentSessionId, LinkedListNode<(PaymentSessionId Session, T Thing, long Since)>> _places = [];
    private readonly LinkedList<(PaymentSessionId Session, T Thing, long Since)> _order = [];

    /// <summary>What is remembered of a session; false where nothing is any more.</summary>
    public bool TryGet(PaymentSessionId session, [NotNullWhen(true)] out T? thing)
    {
        thing = _places.TryGetValue(session, out var place) && time.GetElapsedTime(place.Value.Since) < lasts ? place.Value.Thing : null;
        return thing is not null;
    }

    /// <summary>Remembers it, instead of what was.</summary>
    public void Put(PaymentSessionId session, T thing)
    {
        Remove(session);
        _places.Add(session, _order.AddLast((session, thing, time.GetTimestamp())));
        while (_order.Count > most)
        {
            Remove(_order.First!.Value.Session);
        }
    }

    public void Remove(PaymentSessionId session)
    {
        if (_places.Remove(session, out var place))
        {
            _order.Remove(place);
        }
    }

    /// <summary>Forgets a session, where this is what is remembered of it. Whether it was.</summary>
    public bool Remove(PaymentSessionId session, T thing)
    {
        var isIt = _places.TryGetValue(session, out var place) && ReferenceEquals(place.Value.Thing, thing);
        if (isIt)
        {
            Remove(session);
        }

        return isIt;
    }

    public void Clear()
    {
        _places.Clear();
        _order.Clear();
    }
}
