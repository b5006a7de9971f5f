namespace StellarPay.Adapters.Postgres.Events;

/// <summary>Hears what <see cref="IEventHints"/> tells, in whichever process it was told.</summary>
public interface IEventSignal
{
    /// <summary>Completes when events are next told of. Take it before a read, so that nothing is missed in between.</summary>
    Task Next { get; }
}
