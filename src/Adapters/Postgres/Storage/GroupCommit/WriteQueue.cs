namespace StellarPay.Adapters.Postgres.Storage.GroupCommit;

/// <summary>
/// Writes that wait for their loop, in the order in which they came. Never refuses one, for its turn has decided: what bounds
/// it is that a grain has one write out, and that calls from outside are refused while <see cref="IsPressed"/>.
/// </summary>
internal sealed class WriteQueue(TimeProvider time)
{
    /// <summary>The most writes of a statement; so many subtransactions fit into PostgreSQL's cache for each backend.</summary>
    public const int MaxWrites = 64;

    /// <summary>The most rows of a statement: states, events, keys, inbox rows, children.</summary>
    public const int MaxRows = 1_000;

    /// <summary>The most JSON of a statement. One write of more goes alone.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>What may wait in bytes before calls from outside are refused.</summary>
    public const long PressedBytes = 16 * 1024 * 1024;

    /// <summary>How long the oldest may wait before calls from outside are refused.</summary>
    public static readonly TimeSpan PressedDelay = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Queue<PendingWrite> _waiting = [];
    private TaskCompletionSource _arrived = New();
    private long _bytes;
    private bool _ended;

    /// <summary>How long the oldest has waited.</summary>
    public TimeSpan Delay
    {
        get
        {
            lock (_lock)
            {
                return _waiting.TryPeek(out var oldest) ? time.GetElapsedTime(oldest.QueuedAt) : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Whether more would only make those wait longer that are here.</summary>
    public bool IsPressed => Volatile.Read(ref _bytes) > PressedBytes || Delay > PressedDelay;

    /// <summary>Puts a write into the queue.</summary>
    /// <exception cref="ObjectDisposedException">The silo has stopped: nothing is stored any more.</exception>
    public void Add(PendingWrite write)
    {
        TaskCompletionSource arrived;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            _waiting.Enqueue(write);
            _bytes += write.Bytes;
            arrived = _arrived;
        }

        arrived.TrySetResult();
    }

    /// <summary>Takes no more; what waits is still given.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            _arrived.TrySetResult();
        }
    }

    /// <summary>What goes out next, at once where something waits; null when the queue has ended and is empty.</summary>
    public async Task<IReadOnlyList<PendingWrite>?> TakeAsync()
    {
        while (true)
        {
            Task arrived;
            lock (_lock)
            {
                if (_waiting.Count > 0)
                {
                    return TakeBatch();
                }

                if (_ended)
                {
                    return null;
                }

                if (_arrived.Task.IsCompleted)
                {
                    _arrived = New();
                }

                arrived = _arrived.Task;
            }

            await arrived;
        }
    }

    private List<PendingWrite> TakeBatch()
    {
        var batch = new List<PendingWrite>();
        var (rows, bytes) = (0, 0);
        while (batch.Count < MaxWrites && _waiting.TryPeek(out var next))
        {
            rows += 1 + next.Carried.All;
            bytes += next.Bytes;
            if (batch.Count > 0 && (rows > MaxRows || bytes > MaxBytes))
            {
                break;
            }

            batch.Add(_waiting.Dequeue());
            _bytes -= next.Bytes;
        }

        return batch;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
