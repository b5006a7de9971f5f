namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>
/// The order of first tries: an object's next event is tried when the one before has been, however that went; other objects do not wait.
/// And how far the endpoint has come by what was tried, out of order as that may be.
/// </summary>
internal sealed class FirstTries(long number, IEnumerable<long> ahead)
{
    /// <summary>How far what was tried may be ahead of what was not.</summary>
    public const int Widest = 500;

    private readonly LinkedList<OutgoingEvent> _waiting = new();
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);
    private readonly SortedSet<long> _open = [];
    private readonly SortedSet<long> _done = [.. ahead];

    /// <summary>The last number that was read.</summary>
    public long LastRead { get; private set; } = number;

    /// <summary>Up to this all has been tried, or is not for the endpoint.</summary>
    public long Number { get; private set; } = number;

    /// <summary>What has been tried beyond.</summary>
    public long[] Ahead => [.. _done];

    public int Waiting => _waiting.Count;

    /// <summary>Whether more may be read: not while the first that is not done is far behind.</summary>
    public bool HasRoom(int page) => LastRead + page - Number <= Widest;

    /// <summary>Whether an event was tried by whoever had the endpoint before.</summary>
    public bool IsDone(long one) => _done.Contains(one);

    /// <summary>Takes in a page, all of which follows what was read.</summary>
    public void Add(IEnumerable<OutgoingEvent> page, long last)
    {
        foreach (var one in page)
        {
            _open.Add(one.Number);
            _waiting.AddLast(one);
        }

        LastRead = Math.Max(last, LastRead);
        Advance();
    }

    /// <summary>The next event that need not wait, or null.</summary>
    public OutgoingEvent? Next()
    {
        // An object that is passed over once is passed over for this search: its events keep their order.
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (_busy.Add(node.Value.Object))
            {
                _waiting.Remove(node);
                return node.Value;
            }
        }

        return null;
    }

    /// <summary>An event has been tried.</summary>
    public void Done(OutgoingEvent one)
    {
        _busy.Remove(one.Object);
        _open.Remove(one.Number);
        _done.Add(one.Number);
        Advance();
    }

    private void Advance()
    {
        Number = _open.Count > 0 ? _open.Min - 1 : LastRead;
        _done.RemoveWhere(one => one <= Number);
    }
}
