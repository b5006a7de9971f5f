using System.Diagnostics.CodeAnalysis;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout.Memory;

/// <summary>
/// What is remembered of so many sessions for so long. Beyond, what was asked for once gives way before what was asked for again, and of
/// those what was not for the longest: whoever has the links of many sessions pushes nobody's open page out by asking for each of his.
/// Whose things they are may be said; then nobody's are more than a quarter, and those of his go that were asked for the longest ago.
/// Whoever uses it sees to it that it is used by one at a time.
/// </summary>
internal sealed class CheckoutShelf<T>(int most, TimeSpan lasts, TimeProvider time)
    where T : class
{
    private const int Share = 4;

    private readonly Dictionary<PaymentSessionId, Place> _places = [];
    private readonly LinkedList<PaymentSessionId> _once = [];
    private readonly LinkedList<PaymentSessionId> _again = [];
    private readonly Dictionary<string, LinkedList<PaymentSessionId>> _owned = new(StringComparer.Ordinal);

    /// <summary>What is remembered of a session; false where nothing is any more.</summary>
    public bool TryGet(PaymentSessionId session, [NotNullWhen(true)] out T? thing)
    {
        thing = null;
        if (!_places.TryGetValue(session, out var place) || time.GetElapsedTime(place.Since) >= lasts)
        {
            return false;
        }

        place.Node.List!.Remove(place.Node);
        _again.AddLast(place.Node);
        if (place.Owned is { List: { } all } owned)
        {
            all.Remove(owned);
            all.AddLast(owned);
        }

        thing = place.Thing;
        return true;
    }

    /// <summary>Remembers it, instead of what was. Where that was asked for again, so is this: it is the same page that is open.</summary>
    public void Put(PaymentSessionId session, T thing)
    {
        var isAgain = _places.TryGetValue(session, out var before) && before.Node.List == _again;
        Remove(session);
        _places.Add(session, new Place(thing, time.GetTimestamp(), (isAgain ? _again : _once).AddLast(session)));
        while (_places.Count > most)
        {
            // The newest of those that were asked for once is this one, which is to have its chance.
            Remove((_once.Count > 1 || _again.Count == 0 ? _once : _again).First!.Value);
        }
    }

    /// <summary>Says whose it is, where this is what is remembered.</summary>
    public void Own(PaymentSessionId session, T thing, string owner)
    {
        if (!_places.TryGetValue(session, out var place) || !ReferenceEquals(place.Thing, thing) || place.Owned is not null)
        {
            return;
        }

        if (!_owned.TryGetValue(owner, out var all))
        {
            _owned[owner] = all = [];
        }

        (place.Owner, place.Owned) = (owner, all.AddLast(session));
        if (all.Count > Math.Max(1, most / Share))
        {
            Remove(all.First!.Value);
        }
    }

    public void Remove(PaymentSessionId session)
    {
        if (!_places.Remove(session, out var place))
        {
            return;
        }

        place.Node.List!.Remove(place.Node);
        if (place.Owned is { List: { } all } node)
        {
            all.Remove(node);
            if (all.Count == 0)
            {
                _owned.Remove(place.Owner!);
            }
        }
    }

    /// <summary>Forgets a session, where this is what is remembered of it. Whether it was.</summary>
    public bool Remove(PaymentSessionId session, T thing)
    {
        var isIt = _places.TryGetValue(session, out var place) && ReferenceEquals(place.Thing, thing);
        if (isIt)
        {
            Remove(session);
        }

        return isIt;
    }

    public void Clear()
    {
        _places.Clear();
        _once.Clear();
        _again.Clear();
        _owned.Clear();
    }

    private sealed class Place(T thing, long since, LinkedListNode<PaymentSessionId> node)
    {
        public T Thing => thing;

        public long Since => since;

        public LinkedListNode<PaymentSessionId> Node => node;

        public string? Owner { get; set; }

        public LinkedListNode<PaymentSessionId>? Owned { get; set; }
    }
}
