namespace StellarPay.Grains.Scheduling;

/// <summary>The index of stored grain states by the business time at which they are due (<c>dueAt</c>).</summary>
public interface IDueIndex
{
    /// <summary>The names of the states of which some are due, in any partition.</summary>
    /// <param name="now">Business time: what is due at or before it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<string>> ReadNamesAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>What is due of the states of one name, in the order of due time and key.</summary>
    /// <param name="query">Which.</param>
    /// <param name="after">Only what comes after this entry; null for the beginning.</param>
    /// <param name="limit">The most entries to return.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<DueEntry>> ReadAsync(DueQuery query, DueEntry? after, int limit, CancellationToken cancellationToken);
}

/// <summary>A share of what is due.</summary>
/// <param name="StateName">The name of the states.</param>
/// <param name="Now">Business time: what is due at or before it.</param>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="Partitions">How many partitions there are; each key belongs to exactly one.</param>
public sealed record DueQuery(string StateName, DateTimeOffset Now, int Partition, int Partitions);

/// <summary>A grain that is due.</summary>
/// <param name="StateName">The name of its state, which says what kind of grain it is.</param>
/// <param name="GrainKey">Its key.</param>
/// <param name="DueAt">Since when.</param>
public sealed record DueEntry(string StateName, string GrainKey, DateTimeOffset DueAt);
