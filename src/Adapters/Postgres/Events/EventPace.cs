namespace StellarPay.Adapters.Postgres.Events;

/// <summary>
/// When a reader of events looks again: as soon as it is told; every 25 ms while something is committed that an older
/// transaction still holds back, for nobody tells when that one ends; and each second anyway. For one reader.
/// </summary>
public sealed class EventPace(IEventSignal signal, IEventFeed feed, TimeProvider time)
{
    private static readonly TimeSpan WhileHeldBack = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Anyway = TimeSpan.FromSeconds(1);

    private Task? _next;

    /// <summary>Before each read: what is told from now on ends the wait after it.</summary>
    public void BeforeRead() => _next = signal.Next;

    /// <summary>After a read that came to the end of what may be seen.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (await feed.IsHeldBackAsync(cancellationToken))
        {
            await Task.Delay(WhileHeldBack, time, cancellationToken);
            return;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_next ?? signal.Next, Task.Delay(Anyway, time, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
