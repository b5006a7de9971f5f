namespace StellarPay.SingleNode;

/// <summary>The calls that wait for an activation, in order; linked through the calls themselves.</summary>
internal sealed class CallQueue
{
    private GrainCall? _first;
    private GrainCall? _last;

    public bool IsEmpty => _first is null;

    public int Count { get; private set; }

    public void Add(GrainCall call)
    {
        call.NextInQueue = null;
        if (_last is null)
        {
            _first = call;
        }
        else
        {
            _last.NextInQueue = call;
        }

        _last = call;
        Count++;
    }

    public bool Remove(GrainCall call)
    {
        GrainCall? previous = null;
        for (var each = _first; each is not null; previous = each, each = each.NextInQueue)
        {
            if (ReferenceEquals(each, call))
            {
                Unlink(previous, each);
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes out the first call that is wanted.</summary>
    public GrainCall? Take(Func<GrainCall, bool> isWanted)
    {
        GrainCall? previous = null;
        for (var each = _first; each is not null; previous = each, each = each.NextInQueue)
        {
            if (isWanted(each))
            {
                Unlink(previous, each);
                return each;
            }
        }

        return null;
    }

    public List<GrainCall> ToList()
    {
        var all = new List<GrainCall>(Count);
        for (var each = _first; each is not null; each = each.NextInQueue)
        {
            all.Add(each);
        }

        return all;
    }

    public List<GrainCall> TakeAll()
    {
        var all = ToList();
        _first = _last = null;
        Count = 0;
        return all;
    }

    private void Unlink(GrainCall? previous, GrainCall call)
    {
        if (previous is null)
        {
            _first = call.NextInQueue;
        }
        else
        {
            previous.NextInQueue = call.NextInQueue;
        }

        if (ReferenceEquals(_last, call))
        {
            _last = previous;
        }

        call.NextInQueue = null;
        Count--;
    }
}
