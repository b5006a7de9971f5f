using Microsoft.Extensions.Logging;
using StellarPay.Grains.Failures;

namespace StellarPay.Grains.Storage;

/// <summary>
/// A grain that decides, writes, and only then replies. What is in memory after a failed write may or may not be what is
/// stored: such an activation reads again or ends before it serves anybody. What takes long runs beside the turns, touches
/// no state, and comes back by a call.
/// </summary>
/// <typeparam name="TState">The stored state.</typeparam>
internal abstract partial class DurableGrain<TState>(IPersistentState<TState> storage, ILogger logger) : ActivatedGrain
    where TState : class
{
    private readonly Dictionary<long, AskedTurn> _turns = [];
    private long _lastTurn;
    private bool _faulted;
    private string? _key;
    private IGrainFactory? _grains;

    /// <summary>
    /// Makes references to grains; also once this activation has ended, when Orleans' own refuses: what runs beside the turns
    /// may have something to tell the activation that follows.
    /// </summary>
    protected new IGrainFactory GrainFactory => _grains ??= base.GrainFactory;

    /// <summary>The state; another object after <see cref="RereadAsync"/>.</summary>
    protected TState State => storage.State;

    /// <summary>Whether what is in memory is not known to be what is stored.</summary>
    protected bool IsFaulted => _faulted;

    /// <summary>Where derived classes log.</summary>
    protected ILogger Logger { get; } = logger;

    /// <summary>The grain's key.</summary>
    protected string GrainKey => _key ??= this.GetPrimaryKeyString();

    /// <inheritdoc />
    protected override Task ActivateAsync(CancellationToken cancellationToken)
    {
        _grains = base.GrainFactory;
        Attach();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        StopBesideWork();
        return Task.CompletedTask;
    }

    /// <summary>Makes whatever looks at the state look at the one that there is now.</summary>
    protected abstract void Attach();

    /// <summary>
    /// Puts into the state what belongs to its next write: events, keys, rows, the next wake-up. Storage takes it out again as
    /// the write begins, so that what an interleaved call adds meanwhile is the next write's.
    /// </summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>Tells of what was stored.</summary>
    protected virtual void Stored()
    {
    }

    /// <summary>Calls off what runs beside the turns.</summary>
    protected virtual void StopBesideWork()
    {
    }

    /// <summary>Whether this activation has served anybody.</summary>
    protected bool HasServed { get; private set; }

    /// <summary>Refuses to serve where a write has failed. The first line of every call.</summary>
    protected void RequireSound()
    {
        HasServed = true;
        if (_faulted)
        {
            DeactivateOnIdle();
            throw NotStored();
        }
    }

    private OrleansException NotStored() => new($"{GrainKey} could not be stored. Please try again.");

    /// <summary>Writes the state. Where that fails, this activation serves nobody any more.</summary>
    /// <param name="ends">
    /// Whether it ends as well. Who says no does so within <see cref="EndingIfFaultedAsync"/>, and may read again.
    /// </param>
    protected async Task WriteAsync(bool ends = true)
    {
        try
        {
            await BeforeWriteAsync();
            // Nothing may come between what is put into the state and its way to the storage.
            Prepare();
            await storage.WriteStateAsync();
            Stored();
            await AfterWriteAsync();
        }
        catch (Exception exception)
        {
            Fault(exception, ends);
            throw;
        }
    }

    /// <summary>Does what writes without ending, and ends where a write failed and it has not read again.</summary>
    protected async Task<T> EndingIfFaultedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        finally
        {
            if (_faulted)
            {
                DeactivateOnIdle();
            }
        }
    }

    /// <summary>Fault points of tests and chaos, before a write.</summary>
    protected virtual Task BeforeWriteAsync() => Task.CompletedTask;

    /// <summary>Fault points of tests and chaos, after a write.</summary>
    protected virtual Task AfterWriteAsync() => Task.CompletedTask;

    /// <summary>Forgets what is in memory, reads what is stored, and serves again.</summary>
    protected async Task RereadAsync()
    {
        _faulted = true;
        await storage.ReadStateAsync();
        Attach();
        _faulted = false;
    }

    /// <summary>Makes a change. Where it throws, half of it may be in memory: this activation serves nobody any more.</summary>
    protected T Change<T>(Func<T> change)
    {
        try
        {
            return change();
        }
        catch (Exception exception)
        {
            Fault(exception);
            throw;
        }
    }

    /// <summary>
    /// Decides in a turn of its own, from within a call that interleaves: such a call may wait for the network as long as it
    /// likes, and holds nobody; what it found out is judged here, when it is this grain's turn.
    /// </summary>
    /// <param name="call">Calls <see cref="RunTurnAsync"/> of this grain, through its reference.</param>
    /// <param name="decide">What is done in the turn.</param>
    protected async Task<T> InTurnAsync<T>(Func<long, Task> call, Func<Task<T>> decide)
    {
        var id = ++_lastTurn;
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _turns[id] = new AskedTurn(
            async () =>
            {
                try
                {
                    RequireSound();
                    done.TrySetResult(await decide());
                }
                catch (Exception exception)
                {
                    done.TrySetException(exception);
                }
            },
            () => done.TrySetException(NotStored()));
        try
        {
            RequireSound();
            // An activation that ends is given no turn any more, and does not end before this call has: a fault calls it off.
            var asked = call(id);
            if (await Task.WhenAny(asked, done.Task) == asked)
            {
                await asked;
            }
            else
            {
                asked.Ignore();
            }
        }
        finally
        {
            _turns.Remove(id);
        }

        return done.Task.IsCompleted
            ? await done.Task
            : throw new OrleansException($"{GrainKey} is served elsewhere by now. Please try again.");
    }

    /// <summary>Does what <see cref="InTurnAsync"/> asked for. Nothing where another activation asked.</summary>
    protected Task RunTurnAsync(long id) => _turns.Remove(id, out var turn) ? turn.Run() : Task.CompletedTask;

    /// <summary>
    /// Runs work on the grain's own scheduler, between its turns; without the caller's context, which ends with the call.
    /// </summary>
    protected static void RunBeside(Func<Task> work)
    {
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current);
        }
    }

    private void Fault(Exception exception, bool ends = true)
    {
        _faulted = true;
        StopBesideWork();
        foreach (var turn in _turns.Values)
        {
            turn.CallOff();
        }

        _turns.Clear();
        if (ends)
        {
            DeactivateOnIdle();
        }

        LogFaulted(Logger, exception, GrainKey);
    }

    private sealed record AskedTurn(Func<Task> Run, Action CallOff);

    [LoggerMessage(1001, LogLevel.Error, "{Key} could not be stored; its activation ends")]
    private static partial void LogFaulted(ILogger logger, Exception exception, string key);
}
