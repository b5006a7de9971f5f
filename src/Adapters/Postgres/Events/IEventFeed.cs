namespace StellarPay.Adapters.Postgres.Events;

/// <summary>
/// Every event once, in the order of their transactions. A reader cannot skip an event whose transaction is still in
/// flight, because nothing is shown that could still be preceded.
/// </summary>
public interface IEventFeed
{
    /// <summary>The largest page that <see cref="ReadAsync"/> gives.</summary>
    const int MaxLimit = 1000;

    /// <summary>Held back for longer, events are missed by those who wait for them: hub, lists, webhooks.</summary>
    static readonly TimeSpan TolerableDelay = TimeSpan.FromSeconds(5);

    /// <summary>The events after a cursor, at most <paramref name="limit"/> (1 to <see cref="MaxLimit"/>).</summary>
    Task<IReadOnlyList<FeedEvent>> ReadAsync(EventCursor after, int limit, CancellationToken cancellationToken);

    /// <summary>Whether events are committed that no reader may see yet, since an older transaction is in flight.</summary>
    Task<bool> IsHeldBackAsync(CancellationToken cancellationToken);

    /// <summary>
    /// A place behind which is everything that is committed by now, and before which is everything else: what is in
    /// flight and what is still to come.
    /// </summary>
    Task<EventCursor> ReadEndAsync(CancellationToken cancellationToken);

    /// <summary>
    /// How long the oldest event has been committed that no reader may see yet: an older transaction is still writing,
    /// anywhere in the database cluster. Nothing where none is held back.
    /// </summary>
    Task<TimeSpan> ReadHeldAsync(CancellationToken cancellationToken);

    /// <summary>Where a named consumer stands; <see cref="EventCursor.Start"/> if it never moved.</summary>
    Task<EventCursor> ReadCursorAsync(string consumer, CancellationToken cancellationToken);

    /// <summary>Moves a consumer's cursor if it still stands at <paramref name="from"/>; false if someone else moved it.</summary>
    Task<bool> TryMoveCursorAsync(
        string consumer, EventCursor from, EventCursor to, CancellationToken cancellationToken);
}
