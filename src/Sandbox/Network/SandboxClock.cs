namespace StellarPay.Sandbox.Network;

/// <summary>The network's own time: the host's, moved forward as the admin API or a restored ledger asks.</summary>
internal sealed class SandboxClock(TimeProvider time)
{
    private long _offsetTicks;

    public TimeProvider Source => time;

    public DateTimeOffset Now => time.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref _offsetTicks, by.Ticks);
    }

    /// <summary>After a restart: time goes on from the last closed ledger, never back.</summary>
    public void NotBefore(DateTimeOffset instant)
    {
        var behind = instant - Now;
        if (behind > TimeSpan.Zero)
        {
            Advance(behind);
        }
    }

    public void Reset() => Interlocked.Exchange(ref _offsetTicks, 0);
}
