namespace StellarPay.Grains.Payments;

/// <summary>
/// The idempotency keys under which grains have answered. They are written by the storage provider: it takes what a state
/// carries under <c>keys</c> out of it and stores it in the same statement, and a key that is there refuses the write.
/// </summary>
public interface IIdempotencyIndex
{
    /// <summary>A grain's keys that still count, at most so many, in no order.</summary>
    /// <param name="grainKey">The grain's key.</param>
    /// <param name="now">Business time.</param>
    /// <param name="limit">At most so many; more than that, and which ones is not said.</param>
    /// <param name="cancellationToken">Cancels the question.</param>
    Task<IReadOnlyList<IdempotencyKeyEntry>> ReadAsync(
        string grainKey, DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>One key that still counts, or null.</summary>
    Task<IdempotencyKeyEntry?> FindAsync(
        string grainKey, string hash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Whether a state could not be written because one of its keys was there.</summary>
    bool IsTaken(Exception writeFailure);
}

/// <summary>A request that was answered under an idempotency key.</summary>
/// <param name="Hash">A hash of the kind of request and the key.</param>
/// <param name="Fingerprint">A hash of the request's body.</param>
/// <param name="Subject">The id of what was the answer.</param>
/// <param name="Until">From when on the key may be used anew.</param>
/// <param name="Scope">Whose key it is, where not the grain's that answered: the merchant's, of whose sessions each is a grain.</param>
/// <param name="Given">
/// When it was taken, of a key that holds longer than a day; null for all others. One that is over by then may be taken.
/// </param>
[GenerateSerializer, Immutable, Alias("sp.IdempotencyKeyEntry")]
public sealed record IdempotencyKeyEntry(
    [property: Id(0)] string Hash,
    [property: Id(1)] string Fingerprint,
    [property: Id(2)] string Subject,
    [property: Id(3)] DateTimeOffset Until,
    [property: Id(4)] string? Scope = null,
    [property: Id(5)] DateTimeOffset? Given = null);
