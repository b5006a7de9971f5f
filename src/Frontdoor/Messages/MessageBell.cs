namespace StellarPay.Frontdoor.Messages;

/// <summary>Tells the sender of this front door that there is something to send. Others find it by looking.</summary>
internal sealed class MessageBell(TimeProvider time)
{
    private readonly Dictionary<MessageChannel, TaskCompletionSource> _rung = new()
    {
        [MessageChannel.Email] = New(),
        [MessageChannel.Sms] = New(),
    };

    private readonly Lock _lock = new();

    /// <summary>There is a message.</summary>
    public void Ring(MessageChannel channel)
    {
        lock (_lock)
        {
            _rung[channel].TrySetResult();
        }
    }

    /// <summary>From here on a ring counts. Before one looks: what was rung for before is there to be seen.</summary>
    public void Listen(MessageChannel channel)
    {
        lock (_lock)
        {
            if (_rung[channel].Task.IsCompleted)
            {
                _rung[channel] = New();
            }
        }
    }

    /// <summary>Waits for a ring, but no longer than this.</summary>
    public async Task WaitAsync(MessageChannel channel, TimeSpan atMost, CancellationToken cancellationToken)
    {
        Task rung;
        lock (_lock)
        {
            rung = _rung[channel].Task;
        }

        try
        {
            await rung.WaitAsync(atMost, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nobody rang here; somebody else may have left something.
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
