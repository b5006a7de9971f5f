namespace StellarPay.Sandbox.Admin.Faults;

/// <summary>The faults that are armed. Each is taken by the requests that match it, first armed first, and then gone.</summary>
internal sealed class FaultBoard
{
    /// <summary>Faults that may be armed at once.</summary>
    public const int MaxArmed = 1_000;

    private readonly Lock _lock = new();
    private readonly List<Fault> _armed = [];
    private long _lastId;

    public IReadOnlyList<Fault> Armed
    {
        get
        {
            lock (_lock)
            {
                return [.. _armed];
            }
        }
    }

    /// <summary>Null where too many are armed already.</summary>
    public Fault? Arm(Func<long, Fault> make)
    {
        lock (_lock)
        {
            if (_armed.Count >= MaxArmed)
            {
                return null;
            }

            var fault = make(++_lastId);
            _armed.Add(fault);
            return fault;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _armed.Clear();
        }
    }

    /// <summary>The first armed fault of these kinds that the request matches, used once.</summary>
    public Fault? Take(HttpRequest request, params ReadOnlySpan<FaultKind> kinds)
    {
        lock (_lock)
        {
            for (var i = 0; i < _armed.Count; i++)
            {
                if (kinds.Contains(_armed[i].Kind) && _armed[i].Matches(request))
                {
                    return Use(i);
                }
            }

            return null;
        }
    }

    public bool TakeFullLedger()
    {
        lock (_lock)
        {
            var index = _armed.FindIndex(fault => fault.Kind == FaultKind.FullLedger);
            return index >= 0 && Use(index) is not null;
        }
    }

    /// <summary>How often an event is sent: once, unless a fault drops it or sends it twice.</summary>
    public int TimesToSend(HttpRequest request) =>
        Take(request, FaultKind.DuplicateEvents, FaultKind.DropEvents)?.Kind switch
        {
            FaultKind.DuplicateEvents => 2,
            FaultKind.DropEvents => 0,
            _ => 1,
        };

    private Fault Use(int index)
    {
        var fault = _armed[index];
        if (fault.Remaining > 1)
        {
            _armed[index] = fault with { Remaining = fault.Remaining - 1 };
        }
        else
        {
            _armed.RemoveAt(index);
        }

        return fault;
    }
}
