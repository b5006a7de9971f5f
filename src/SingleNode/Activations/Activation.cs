using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>One grain in memory: its instance, its scheduler, the calls that wait and those that run.</summary>
internal sealed partial class Activation : IGrainContext
{
    private readonly Lock _gate = new();
    private readonly CallQueue _waiting = new();
    private readonly RunningCalls _running = new();
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActivationState _state = ActivationState.Activating;
    private DeactivationReason? _closing;
    private AsyncServiceScope? _scope;
    private ActivationLifecycle? _lifecycle;
    private GrainReference? _reference;
    private HashSet<GrainTimer>? _timers;
    private Dictionary<Guid, int>? _reentrantSections;
    private LifeCall? _life;
    private long _lastUsed;
    private long _keepUntil;

    public Activation(GrainId grainId, GrainClass grainClass, Silo silo)
    {
        GrainId = grainId;
        Class = grainClass;
        Silo = silo;
        ActivationId = ActivationId.NewId();
        Scheduler = new ActivationScheduler(this);
        _lastUsed = silo.Time.GetTimestamp();
    }

    /// <summary>The activation whose turn is running on this thread.</summary>
    public static Activation? Current => (TaskScheduler.Current as ActivationScheduler)?.Activation;

    public GrainId GrainId { get; }

    public GrainClass Class { get; }

    public Silo Silo { get; }

    public ActivationScheduler Scheduler { get; }

    public ActivationId ActivationId { get; }

    public object? GrainInstance { get; private set; }

    public GrainReference GrainReference => _reference ??= GrainInterfaces.Untyped.NewReference(GrainId, Silo);

    public GrainAddress Address =>
        new() { GrainId = GrainId, ActivationId = ActivationId, SiloAddress = Silo.SiloAddress };

    public IServiceProvider ActivationServices => (_scope ??= Silo.Services.CreateAsyncScope()).ServiceProvider;

    public IGrainLifecycle ObservableLifecycle => _lifecycle ??= new ActivationLifecycle();

    public Task Deactivated => _deactivated.Task;

    /// <summary>Whether nothing runs or waits here.</summary>
    public bool IsUnused
    {
        get
        {
            lock (_gate)
            {
                return _running.Count == 0 && _waiting.IsEmpty && _closing is null;
            }
        }
    }

    public bool IsDead => _state == ActivationState.Dead;

    /// <summary>Runs a call that was begun; the scheduler calls this in a turn of the activation.</summary>
    public static void Run(GrainCall call)
    {
        CallFlow.Current = call;
        call.Running = call.Target!.RunAsync(call);
    }

    public string Describe() => $"{GrainId} ({Class.Type.Name}) on {Silo.Name}, {_state}";

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => ActivationId.GetHashCode();

    /// <summary>Takes a call: begins it or lets it wait. False if the activation is over, so that another must.</summary>
    public bool Receive(GrainCall call)
    {
        lock (_gate)
        {
            if (_state == ActivationState.Dead)
            {
                return false;
            }

            call.Target = this;
            if (!MayStart(call))
            {
                _waiting.Add(call);
            }
            else
            {
                _running.Add(call);
                Scheduler.Run(call);
                return true;
            }
        }

        if (call.Parent is not null)
        {
            CallCycles.EndIfDeadlocked(call);
        }

        return true;
    }

    /// <summary>Takes a waiting call out of the queue and ends it with an error.</summary>
    public void Refuse(GrainCall call, Exception error)
    {
        bool wasWaiting;
        lock (_gate)
        {
            wasWaiting = _waiting.Remove(call);
        }

        if (wasWaiting)
        {
            call.Answer(error);
        }
    }

    /// <summary>The calls that wait here, and those that run, at this moment.</summary>
    public (List<GrainCall> Waiting, List<GrainCall> Running) Snapshot()
    {
        lock (_gate)
        {
            return (_waiting.ToList(), _running.ToList());
        }
    }

    public void EnterReentrantSection(Guid id)
    {
        lock (_gate)
        {
            _reentrantSections ??= [];
            _reentrantSections[id] = _reentrantSections.GetValueOrDefault(id) + 1;
        }
    }

    public void LeaveReentrantSection(Guid id)
    {
        lock (_gate)
        {
            if (_reentrantSections is { } sections && sections.TryGetValue(id, out var depth))
            {
                _ = depth > 1 ? sections[id] = depth - 1 : sections.Remove(id) ? 0 : 0;
            }
        }
    }

    private bool MayStart(GrainCall call)
    {
        if (_state != ActivationState.Active || _closing is not null)
        {
            return false;
        }

        var method = call.Method;
        return _running.NoneBlocks
            || method.AlwaysInterleave
            || Class.IsReentrant
            || (method.ReadOnly && _running.OnlyReaders)
            || (call.ReentrancyId != Guid.Empty && _reentrantSections?.ContainsKey(call.ReentrancyId) == true)
            || (Class.MayInterleave is { } predicate && MayInterleave(predicate, call));
    }

    private bool MayInterleave(Func<object, Orleans.Serialization.Invocation.IInvokable, bool> predicate, GrainCall call) =>
        predicate(GrainInstance!, call) || _running.ToList().TrueForAll(running => predicate(GrainInstance!, running));

    private async Task RunAsync(GrainCall call)
    {
        Exception? error = null;
        try
        {
            // A caller that has given up gets no answer, so its call is not worth beginning.
            if (!call.IsAnswered)
            {
                await (Silo.IncomingFilters.Length == 0 && !Class.FiltersItself || call.Reference is null
                    ? call.InvokeAsync(GrainInstance!)
                    : new IncomingFilters(Silo.IncomingFilters, call, this).Invoke());
            }
        }
        catch (Exception thrown)
        {
            error = thrown;
        }

        Finish(call, error);
    }

    private void Finish(GrainCall call, Exception? error)
    {
        if (error is Orleans.Storage.InconsistentStateException { IsNews: true } conflict)
        {
            // Its memory is not what is stored; the next activation reads that. Callers that pass the exception on stay.
            conflict.IsNews = false;
            Deactivate(new DeactivationReason(
                DeactivationReasonCode.ApplicationError, error, $"{call} failed with an inconsistent state."));
        }

        lock (_gate)
        {
            _running.Remove(call);
            if (call.KeepsActivationAlive)
            {
                _lastUsed = Silo.Time.GetTimestamp();
            }

            StartWaiting();
            BeginDeactivationIfReady();
        }

        if (!call.Answer(error) && error is not null)
        {
            LogLateError(Silo.Logger, error, call.ToString());
        }
        else if (error is not null && call.Method.OneWay)
        {
            LogOneWayError(Silo.Logger, error, call.ToString());
        }
    }

    private void StartWaiting()
    {
        while (!_waiting.IsEmpty && _waiting.Take(MayStart) is { } next)
        {
            _running.Add(next);
            Scheduler.Run(next);
        }
    }

    [LoggerMessage(101, LogLevel.Debug, "{Call} failed after its caller had stopped waiting.")]
    private static partial void LogLateError(ILogger logger, Exception error, string call);

    [LoggerMessage(102, LogLevel.Warning, "{Call} failed; its caller does not wait for an answer.")]
    private static partial void LogOneWayError(ILogger logger, Exception error, string call);
}

/// <summary>The life of an activation.</summary>
internal enum ActivationState
{
    Activating,
    Active,
    Deactivating,
    Dead,
}
