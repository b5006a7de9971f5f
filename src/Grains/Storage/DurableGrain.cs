using Microsoft.Extensions.Logging;
using StellarPay.Grains.Failures;

namespace StellarPay.Grains.Storage;

/// <summary>
/// A grain that decides, writes, and only then replies. What is in memory after a failed write may or may not be what is
/// stored, and so after a turn that threw: it is read again before anybody is served, or the activation ends. What takes long
/// runs beside the turns, touches no state, and comes back for a turn.
/// </summary>
/// <typeparam name="TState">The stored state.</typeparam>
internal abstract partial class DurableGrain<TState>(IPersistentState<TState> storage, ILogger logger)
    : ActivatedGrain, IIncomingGrainCallFilter, IActivation, IGrainMigrationParticipant
    where TState : class
{
    private readonly TurnGate _gate = new();
    private bool _faulted;
    private bool _ended;
    private bool _moved;
    private string? _key;
    private IGrainFactory? _grains;

    /// <summary>
    /// Makes references to grains; also once this activation has ended, when Orleans' own refuses: what runs beside the turns
    /// may have something to tell the activation that follows.
    /// </summary>
    protected new IGrainFactory GrainFactory => _grains ??= base.GrainFactory;

    /// <summary>The state; another object after <see cref="RereadAsync"/>.</summary>
    protected TState State => storage.State;

    /// <summary>Where derived classes log.</summary>
    protected ILogger Logger { get; } = logger;

    /// <summary>The grain's key.</summary>
    protected string GrainKey => _key ??= this.GetPrimaryKeyString();

    /// <inheritdoc />
    protected override async Task ActivateAsync(CancellationToken cancellationToken)
    {
        _grains = base.GrainFactory;
        if (_moved)
        {
            // What came along may be what could not be stored there.
            await storage.ReadStateAsync(cancellationToken);
        }

        Attach();
        Resume();
    }

    /// <summary>An activation takes nothing along that is not stored.</summary>
    public void OnDehydrate(IDehydrationContext dehydrationContext)
    {
    }

    /// <summary>The activation was another silo's before.</summary>
    public void OnRehydrate(IRehydrationContext rehydrationContext) => _moved = true;

    /// <inheritdoc />
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ended = true;
        StopBesideWork();
        // A turn of the grain's own may be in the middle of a write; no other follows it.
        using var turn = await _gate.EnterAsync(cancellationToken);
    }

    /// <summary>A call of others waits for its turn, unless it interleaves.</summary>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (TurnGate.Interleaves(context.Request))
        {
            await context.Invoke();
            return;
        }

        using var turn = await _gate.EnterAsync();
        await BeSoundAsync();
        await BeforeTurnAsync();
        await FaultingAsync(context.Invoke);
        HasServed = true;
    }

    // What is in memory after a failed write may or may not be stored; nobody is shown it.
    private Task BeSoundAsync() => _ended
        ? throw new OrleansException($"{GrainKey} is served elsewhere by now. Please try again.")
        : _faulted ? RereadAsync() : Task.CompletedTask;

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

    /// <summary>Begins what the state says is under way; before the first turn of an activation.</summary>
    protected virtual void Resume()
    {
    }

    /// <summary>
    /// Begins again what a fault called off, in a turn; in a moment, for what failed once would fail at once again.
    /// </summary>
    protected virtual void ResumeSoon()
    {
    }

    /// <summary>Calls off what runs beside the turns.</summary>
    protected virtual void StopBesideWork()
    {
    }

    /// <summary>Whether this activation has served anybody.</summary>
    protected bool HasServed { get; private set; }

    /// <summary>
    /// Whether a write failed because storage refused it by a rule, whole: what is stored is known, and what runs beside the turns goes on.
    /// </summary>
    protected virtual bool IsVerdict(Exception writeFailure) => false;

    /// <summary>Looks at what each turn needs; where that fails, none is begun. Changes nothing that has to be stored.</summary>
    protected virtual Task BeforeTurnAsync() => Task.CompletedTask;

    /// <summary>Writes the state. Where that fails, what is stored is read again before anybody is served.</summary>
    protected async Task WriteAsync()
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
        catch (Exception exception) when (IsVerdict(exception))
        {
            LogRefused(Logger, GrainKey, exception.Message);
            await RestoreAsync();
            throw;
        }
        catch (Exception exception)
        {
            Fault(exception);
            throw;
        }
    }

    string IActivation.Key => GrainKey;

    IGrainFactory IActivation.Grains => GrainFactory;

    Task<T> IActivation.InTurnAsync<T>(Func<Task<T>> decide) => InTurnAsync(decide);

    Task IActivation.InTurnAsync(Func<Task> decide) => InTurnAsync(decide);

    void IActivation.RunBeside(Func<Task> work) => RunBeside(work);

    /// <inheritdoc />
    public virtual Task SaveAsync(string? faultPoint = null) => WriteAsync();

    /// <summary>Fault points of tests and chaos, before a write.</summary>
    protected virtual Task BeforeWriteAsync() => Task.CompletedTask;

    /// <summary>Fault points of tests and chaos, after a write.</summary>
    protected virtual Task AfterWriteAsync() => Task.CompletedTask;

    /// <summary>Forgets what is in memory, reads what is stored, and goes on from there.</summary>
    protected async Task RereadAsync()
    {
        _faulted = true;
        await storage.ReadStateAsync();
        Attach();
        _faulted = false;
        ResumeSoon();
    }

    // The state as it was before the change that was refused, still in its turn.
    private async Task RestoreAsync()
    {
        try
        {
            await RereadAsync();
        }
        catch (Exception exception)
        {
            Fault(exception);
            throw;
        }
    }

    /// <summary>Makes a change. Where it throws, half of it may be in memory: what is stored is read again.</summary>
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
    /// Decides in a turn of its own, from within a call that interleaves or from work beside the turns: such may wait for the
    /// network as long as it likes, and holds nobody; what it found out is judged here. Never from within a turn.
    /// </summary>
    protected async Task<T> InTurnAsync<T>(Func<Task<T>> decide)
    {
        using var turn = await _gate.EnterAsync();
        await BeSoundAsync();
        await BeforeTurnAsync();
        var decided = default(T)!;
        await FaultingAsync(async () => decided = await decide());
        return decided;
    }

    /// <summary>The same, of what gives nothing.</summary>
    protected Task InTurnAsync(Func<Task> decide) => InTurnAsync(async () =>
    {
        await decide();
        return true;
    });

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

    // A turn that throws may have changed something that it never came to store.
    private async Task FaultingAsync(Func<Task> turn)
    {
        try
        {
            await turn();
        }
        catch (Exception exception) when (!_faulted && !_ended && !IsVerdict(exception))
        {
            LogTurnFailed(Logger, exception, GrainKey);
            Fault();
            throw;
        }
    }

    private void Fault(Exception exception)
    {
        LogFaulted(Logger, exception, GrainKey);
        Fault();
    }

    private void Fault()
    {
        _faulted = true;
        StopBesideWork();
        RunBeside(RecoverAsync);
    }

    // If nobody else's turn does it: what was under way is to go on.
    private async Task RecoverAsync()
    {
        try
        {
            await InTurnAsync(() => Task.CompletedTask);
        }
        catch (Exception exception)
        {
            LogNotRead(Logger, exception, GrainKey);
            DeactivateOnIdle();
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "{Key} could not be stored; it is read again")]
    private static partial void LogFaulted(ILogger logger, Exception exception, string key);

    [LoggerMessage(1003, LogLevel.Warning, "A turn of {Key} failed; what is stored is read again")]
    private static partial void LogTurnFailed(ILogger logger, Exception exception, string key);

    [LoggerMessage(1004, LogLevel.Debug, "A change of {Key} is refused by a rule of storage: {Reason}")]
    private static partial void LogRefused(ILogger logger, string key, string reason);

    [LoggerMessage(1002, LogLevel.Error, "{Key} could not be read again; its activation ends")]
    private static partial void LogNotRead(ILogger logger, Exception exception, string key);
}
