using StellarPay.SingleNode;

namespace Orleans.Runtime;

/// <summary>Values that travel with calls, from caller to callee and on.</summary>
public static class RequestContext
{
    public static IEnumerable<string> Keys => CallFlow.Current?.Values?.Keys ?? Enumerable.Empty<string>();

    public static IEnumerable<KeyValuePair<string, object>> Entries =>
        CallFlow.Current?.Values ?? Enumerable.Empty<KeyValuePair<string, object>>();

    public static Guid ReentrancyId
    {
        get => CallFlow.Current?.ReentrancyId ?? Guid.Empty;
        set => CallFlow.Current = new CallFlow(CallFlow.Current?.Call, CallFlow.Current?.Values, value);
    }

    public static object? Get(string key) => CallFlow.Current?.Values?.GetValueOrDefault(key);

    public static void Set(string key, object value)
    {
        var flow = CallFlow.Current;
        var values = flow?.Values is { } old ? new Dictionary<string, object>(old) : [];
        values[key] = value;
        CallFlow.Current = new CallFlow(flow?.Call, values, flow?.ReentrancyId ?? Guid.Empty);
    }

    public static bool Remove(string key)
    {
        var flow = CallFlow.Current;
        if (flow?.Values is not { } old || !old.ContainsKey(key))
        {
            return false;
        }

        var values = new Dictionary<string, object>(old);
        values.Remove(key);
        CallFlow.Current = new CallFlow(flow.Call, values.Count == 0 ? null : values, flow.ReentrancyId);
        return true;
    }

    public static void Clear() => CallFlow.Current = new CallFlow(CallFlow.Current?.Call, null, Guid.Empty);

    /// <summary>Until disposed, calls made here may call back into this grain while it waits.</summary>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var original = ReentrancyId;
        var id = original == Guid.Empty ? Guid.NewGuid() : original;
        Activation.Current?.EnterReentrantSection(id);
        return Enter(original, id);
    }

    /// <summary>Until disposed, calls made here may not re-enter the activations that allowed it.</summary>
    public static ReentrancySection SuppressCallChainReentrancy() => Enter(ReentrancyId, Guid.Empty);

    private static ReentrancySection Enter(Guid original, Guid id)
    {
        ReentrancyId = id;
        return new ReentrancySection(original, id);
    }

    /// <summary>Ends a change of the reentrancy id.</summary>
    public readonly struct ReentrancySection(Guid originalReentrancyId, Guid newReentrancyId) : IDisposable
    {
        public void Dispose()
        {
            if (newReentrancyId != Guid.Empty)
            {
                Activation.Current?.LeaveReentrantSection(newReentrancyId);
            }

            ReentrancyId = originalReentrancyId;
        }
    }
}
