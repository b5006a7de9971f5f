namespace StellarPay.SingleNode;

/// <summary>The calls that an activation has begun: mostly one, several where they interleave.</summary>
internal sealed class RunningCalls
{
    private GrainCall? _only;
    private List<GrainCall>? _several;
    private int _blocking;
    private int _writing;

    public int Count => _several?.Count ?? (_only is null ? 0 : 1);

    /// <summary>Whether none runs that keeps others from starting.</summary>
    public bool NoneBlocks => _blocking == 0;

    /// <summary>Whether all that run and block are read-only.</summary>
    public bool OnlyReaders => _writing == 0;

    public void Add(GrainCall call)
    {
        call.IsRunning = true;
        Tally(call, 1);
        if (_several is not null)
        {
            _several.Add(call);
        }
        else if (_only is null)
        {
            _only = call;
        }
        else
        {
            _several = [_only, call];
            _only = null;
        }
    }

    public void Remove(GrainCall call)
    {
        call.IsRunning = false;
        Tally(call, -1);
        if (_several is null)
        {
            _only = null;
        }
        else if (_several.Remove(call) && _several.Count == 0)
        {
            _several = null;
        }
    }

    public List<GrainCall> ToList() => _several is not null ? [.. _several] : _only is null ? [] : [_only];

    private void Tally(GrainCall call, int change)
    {
        if (!call.Method.AlwaysInterleave)
        {
            _blocking += change;
            _writing += call.Method.ReadOnly ? 0 : change;
        }
    }
}
