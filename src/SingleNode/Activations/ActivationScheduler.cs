namespace StellarPay.SingleNode;

/// <summary>Runs the code of one activation, one turn after the other, on the thread pool.</summary>
internal sealed class ActivationScheduler(Activation activation) : TaskScheduler, IThreadPoolWorkItem
{
    // After so many turns an activation lets others have the thread.
    private const int TurnsAtATime = 64;

    private readonly Lock _gate = new();
    private readonly Queue<object> _turns = new();
    private bool _isScheduled;
    private bool _isDead;
    private int _thread;

    public Activation Activation { get; } = activation;

    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_isScheduled;
            }
        }
    }

    /// <summary>Runs a call as a turn of its own.</summary>
    public void Run(GrainCall call) => Enqueue(call);

    /// <summary>Runs an action as a turn of its own.</summary>
    public void Run(Action action) => Enqueue(action);

    /// <summary>No further turn runs: what the activation still had to do is lost, as with its process.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            _isDead = true;
            _turns.Clear();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var done = 0; done < TurnsAtATime; done++)
        {
            object? turn;
            lock (_gate)
            {
                if (!_turns.TryDequeue(out turn))
                {
                    _isScheduled = false;
                    return;
                }
            }

            _thread = Environment.CurrentManagedThreadId;
            Execute(turn);
            _thread = 0;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    protected override void QueueTask(Task task) => Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && _thread == Environment.CurrentManagedThreadId && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _turns.OfType<Task>()];
        }
    }

    private void Enqueue(object turn)
    {
        lock (_gate)
        {
            if (_isDead)
            {
                return;
            }

            _turns.Enqueue(turn);
            if (_isScheduled)
            {
                return;
            }

            _isScheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private void Execute(object turn)
    {
        switch (turn)
        {
            case Task task:
                TryExecuteTask(task);
                break;
            case GrainCall call:
                new Task(static state => Activation.Run((GrainCall)state!), call).RunSynchronously(this);
                break;
            case Action action:
                new Task(action).RunSynchronously(this);
                break;
        }
    }
}
