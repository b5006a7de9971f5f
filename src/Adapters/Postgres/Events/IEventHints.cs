namespace StellarPay.Adapters.Postgres.Events;

/// <summary>
/// Tells the readers of events that there may be new ones. A hint and nothing more: a reader that misses it looks a little
/// later.
/// </summary>
public interface IEventHints
{
    /// <summary>Events were committed. Costs nothing and never fails; what is told at once is told together.</summary>
    void Tell();
}
