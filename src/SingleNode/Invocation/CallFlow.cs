namespace StellarPay.SingleNode;

/// <summary>What flows with the code of a call: the call itself and its request context.</summary>
internal class CallFlow
{
    private static readonly AsyncLocal<CallFlow?> Slot = new();

    private readonly GrainCall? _call;

    public CallFlow()
    {
    }

    public CallFlow(GrainCall? call, Dictionary<string, object>? values, Guid reentrancyId)
    {
        _call = call;
        Values = values;
        ReentrancyId = reentrancyId;
    }

    public static CallFlow? Current
    {
        get => Slot.Value;
        set => Slot.Value = value;
    }

    /// <summary>The request context. Never changed once it is here, so calls share it.</summary>
    public Dictionary<string, object>? Values { get; protected set; }

    /// <summary>Calls that carry this id may re-enter the activations that allowed it.</summary>
    public Guid ReentrancyId { get; protected set; }

    /// <summary>The call whose code is running, if it is the code of a call.</summary>
    public virtual GrainCall? Call => _call;
}
