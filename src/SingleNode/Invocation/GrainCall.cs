using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace StellarPay.SingleNode;

/// <summary>A call from the moment it is sent until its answer; the generated subclasses hold the arguments.</summary>
internal abstract class GrainCall : CallFlow, IInvokable
{
    private int _answered;

    public override GrainCall Call => this;

    public GrainMethod Method { get; private set; } = null!;

    public GrainReference? Reference { get; private set; }

    public CallHost? Host { get; private set; }

    /// <summary>The activation whose code sent this; null if a client did.</summary>
    public Activation? Sender { get; private set; }

    /// <summary>The call whose code waits for this one.</summary>
    public GrainCall? Parent { get; private set; }

    public Activation? Target { get; set; }

    public bool IsRunning { get; set; }

    /// <summary>The run of the call at its target, from its beginning.</summary>
    public Task? Running { get; set; }

    /// <summary>What the sender awaits, if it is a task.</summary>
    public virtual Task? AnswerTask => null;

    public bool IsAnswered => Volatile.Read(ref _answered) != 0;

    public virtual bool KeepsActivationAlive => true;

    // Links of the target's queue and of the sender's list of calls without an answer; only their owners touch them.
    internal GrainCall? NextInQueue { get; set; }

    internal GrainCall? PreviousPending { get; set; }

    internal GrainCall? NextPending { get; set; }

    internal int PendingStripe { get; set; } = -1;

    internal long Deadline { get; set; }

    public CancellationToken Cancellation { get; private set; }

    private CancelledCall? _cancelled;

    public abstract object? UntypedResult { get; set; }

    /// <summary>Runs the method and keeps its result.</summary>
    public abstract Task InvokeAsync(object grain);

    protected abstract void SetResult();

    protected abstract void SetException(Exception exception);

    public void Address(GrainMethod method, GrainReference? reference, CallHost? host, Activation? sender)
    {
        Method = method;
        Reference = reference;
        Host = host;
        Sender = sender;
    }

    /// <summary>Takes along the context of the code that sends; after the sender's filters, which may add to it.</summary>
    public void TakeContext()
    {
        if (Current is { } flow)
        {
            Values = flow.Values;
            ReentrancyId = flow.ReentrancyId;
            Parent = Method.OneWay ? null : flow.Call;
        }
    }

    /// <summary>Addresses a call that nobody sent, such as a timer's tick: it starts with an empty context.</summary>
    public void AddressTick(GrainMethod method) => Method = method;

    /// <summary>Gives the sender its answer. Later ones, such as one after a timeout, come to nothing.</summary>
    public bool Answer(Exception? error)
    {
        if (Interlocked.Exchange(ref _answered, 1) != 0)
        {
            return false;
        }

        Host?.Pending.Remove(this);
        _cancelled?.Dispose();
        if (error is null)
        {
            SetResult();
        }
        else
        {
            SetException(RemoteException.Of(error));
        }

        return true;
    }

    /// <summary>Called by proxies: the token that the callee gets in place of the caller's.</summary>
    public CancellationToken Link(CancellationToken callersToken)
    {
        Cancellation = callersToken;
        if (callersToken.CanBeCanceled)
        {
            _cancelled = new CancelledCall(this);
            return _cancelled.Token;
        }

        return callersToken;
    }

    /// <summary>Starts to watch the caller's token, once the call is addressed.</summary>
    public void WatchCancellation() => _cancelled?.Watch(Cancellation);

    public override string ToString() => Reference is null
        ? $"{Target?.GrainId}.{Method.Name}"
        : $"{Reference.GrainId}.{Method.Name}";

    public virtual object? GetArgument(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    public virtual void SetArgument(int index, object value) => throw new ArgumentOutOfRangeException(nameof(index));

    public object? GetTarget() => Target?.GrainInstance;

    public int GetArgumentCount() => Method.ParameterCount;

    public string GetMethodName() => Method.Name;

    public string GetInterfaceName() => Method.InterfaceName;

    public Type GetInterfaceType() => Method.Info.DeclaringType!;

    public MethodInfo GetMethod() => Method.Info;

    public CancellationToken GetCancellationToken() => _cancelled?.Token ?? Cancellation;

    public TimeSpan? GetDefaultResponseTimeout() => Method.Timeout;

    public void Dispose()
    {
    }
}
