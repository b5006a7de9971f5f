namespace StellarPay.Grains.Scheduling;

/// <summary>The index of stored grain states by the business time at which they are due (<c>dueAt</c>).</summary>
public interface IDueIndex
{
    /// <summary>What is due, in the order of due time, state name and key.</summary>
    /// <param name="now">Business time: what is due at or before it.</param>
    /// <param name="partition">The partition, from 0.</param>
    /// <param name="partitions">How many partitions there are; each key belongs to exactly one.</param>
    /// <param name="after">Only what comes after this entry; null for the beginning.</param>
    /// <param name="limit">The most entries to return.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<DueEntry>> ReadAsync(
        DateTimeOffset now, int partition, int partitions, DueEntry? after, int limit, CancellationToken cancellationToken);
}

/// <summary>A grain that is due.</summary>
/// <param name="StateName">The name of its state, which says what kind of grain it is.</param>
/// <param name="GrainKey">Its key.</param>
/// <param name="DueAt">Since when.</param>
public sealed record DueEntry(string StateName, string GrainKey, DateTimeOffset DueAt);
