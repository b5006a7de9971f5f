using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>How an activation begins and ends.</summary>
internal sealed partial class Activation
{
    /// <summary>Makes the grain and activates it, in turns of its own.</summary>
    public void Start() => Scheduler.Run(() => Track(ActivateAsync()));

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_state is ActivationState.Deactivating or ActivationState.Dead || _closing is not null)
            {
                return;
            }

            _closing = deactivationReason;
            BeginDeactivationIfReady();
        }
    }

    public void DelayDeactivation(TimeSpan span)
    {
        lock (_gate)
        {
            _keepUntil = span == Timeout.InfiniteTimeSpan ? long.MaxValue
                : span <= TimeSpan.Zero ? 0
                : Silo.Time.GetTimestamp() + (long)(span.TotalSeconds * Silo.Time.TimestampFrequency);
        }
    }

    /// <summary>Ends the activation if nobody has used it for longer than its class allows.</summary>
    public bool CollectIfIdle(long now, TimeSpan age)
    {
        lock (_gate)
        {
            if (_state != ActivationState.Active || _closing is not null || _running.Count > 0 || !_waiting.IsEmpty
                || _keepUntil > now || Silo.Time.GetElapsedTime(_lastUsed, now) < age)
            {
                return false;
            }
        }

        Deactivate(new DeactivationReason(DeactivationReasonCode.ActivationIdle, $"Idle for {age} or longer."));
        return true;
    }

    /// <summary>The silo is gone: nothing more runs here, and whoever waits for it is told.</summary>
    public void Kill(Func<GrainCall, Exception> error)
    {
        List<GrainCall> lost;
        lock (_gate)
        {
            if (_state == ActivationState.Dead)
            {
                return;
            }

            _state = ActivationState.Dead;
            Scheduler.Kill();
            lost = _waiting.TakeAll();
            lost.AddRange(_running.ToList());
        }

        DisposeTimers();
        foreach (var call in lost)
        {
            call.Answer(error(call));
        }

        _deactivated.TrySetResult();
    }

    public void Add(GrainTimer timer)
    {
        lock (_gate)
        {
            if (_state is ActivationState.Dead or ActivationState.Deactivating)
            {
                throw new InvalidOperationException($"{Describe()} takes no new timer.");
            }

            (_timers ??= []).Add(timer);
        }
    }

    public void Remove(GrainTimer timer)
    {
        lock (_gate)
        {
            _timers?.Remove(timer);
        }
    }

    private async Task ActivateAsync()
    {
        using var timeout = new CancellationTokenSource(Silo.Collection.ActivationTimeout, Silo.Time);
        var life = BeginLifeCall(LifeCall.Activate);
        try
        {
            GrainInstance = Class.Create(this);
            if (_lifecycle is not null)
            {
                await _lifecycle.StartAsync(timeout.Token);
            }

            if (GrainInstance is IGrainBase grain)
            {
                await grain.OnActivateAsync(timeout.Token).WaitAsync(timeout.Token);
            }
        }
        catch (Exception error)
        {
            await AbandonAsync(error);
            return;
        }

        lock (_gate)
        {
            _running.Remove(life);
            if (_state == ActivationState.Activating)
            {
                _state = ActivationState.Active;
                _lastUsed = Silo.Time.GetTimestamp();
                StartWaiting();
                BeginDeactivationIfReady();
            }
        }
    }

    private void Track(Task life)
    {
        if (_life is { } call)
        {
            call.Running = life;
        }
    }

    // The grain's own start and end count as calls, so that a call cycle through them is found.
    private LifeCall BeginLifeCall(GrainMethod method)
    {
        var life = new LifeCall(this, method);
        _life = life;
        CallFlow.Current = life;
        lock (_gate)
        {
            _running.Add(life);
        }

        return life;
    }

    private async Task AbandonAsync(Exception error)
    {
        LogNotActivated(Silo.Logger, error, GrainId.ToString());
        List<GrainCall> waiting;
        lock (_gate)
        {
            _state = ActivationState.Dead;
            waiting = _waiting.TakeAll();
        }

        Silo.Cluster.Forget(this);
        DisposeTimers();
        await DisposeGrainAsync();
        foreach (var call in waiting)
        {
            call.Answer(error);
        }

        _deactivated.TrySetResult();
    }

    private void BeginDeactivationIfReady()
    {
        if (_closing is not null && _state == ActivationState.Active && _running.Count == 0)
        {
            _state = ActivationState.Deactivating;
            Scheduler.Run(() => Track(DeactivateAsync(_closing.Value)));
        }
    }

    private async Task DeactivateAsync(DeactivationReason reason)
    {
        DisposeTimers();
        using var timeout = new CancellationTokenSource(Silo.Collection.DeactivationTimeout, Silo.Time);
        BeginLifeCall(LifeCall.Deactivate);
        try
        {
            if (GrainInstance is IGrainBase grain)
            {
                await grain.OnDeactivateAsync(reason, timeout.Token).WaitAsync(timeout.Token);
            }

            if (_lifecycle is not null)
            {
                await _lifecycle.StopAsync(timeout.Token);
            }
        }
        catch (Exception error)
        {
            LogNotDeactivated(Silo.Logger, error, GrainId.ToString());
        }

        await DisposeGrainAsync();
        List<GrainCall> waiting;
        lock (_gate)
        {
            _state = ActivationState.Dead;
            waiting = _waiting.TakeAll();
        }

        Silo.Cluster.Forget(this);
        _deactivated.TrySetResult();
        foreach (var call in waiting)
        {
            Silo.Cluster.Deliver(call);
        }
    }

    private async Task DisposeGrainAsync()
    {
        try
        {
            switch (GrainInstance)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }

            if (_scope is { } scope)
            {
                await scope.DisposeAsync();
            }
        }
        catch (Exception error)
        {
            LogNotDeactivated(Silo.Logger, error, GrainId.ToString());
        }
    }

    private void DisposeTimers()
    {
        GrainTimer[] timers;
        lock (_gate)
        {
            timers = _timers is null ? [] : [.. _timers];
            _timers = null;
        }

        foreach (var timer in timers)
        {
            timer.Dispose();
        }
    }

    [LoggerMessage(103, LogLevel.Warning, "{GrainId} could not be activated.")]
    private static partial void LogNotActivated(ILogger logger, Exception error, string grainId);

    [LoggerMessage(104, LogLevel.Warning, "{GrainId} failed while it was deactivated.")]
    private static partial void LogNotDeactivated(ILogger logger, Exception error, string grainId);
}
