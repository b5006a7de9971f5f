namespace StellarPay.Adapters.Postgres.Projections;

/// <summary>The read tables made from events (infra/postgres/migrations/0008_projections.sql).</summary>
public interface IProjections
{
    /// <summary>The names of all projections.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>How many events are taken in by one call at most.</summary>
    int BatchSize { get; }

    /// <summary>
    /// Takes the next events into a projection's tables and returns how many; 0 at the end of the feed, or while
    /// another process is at it.
    /// </summary>
    Task<int> AdvanceAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Empties a projection's tables and fills them again from the first event. Until it returns, readers see what has
    /// been filled so far.
    /// </summary>
    Task RebuildAsync(string name, CancellationToken cancellationToken);
}
