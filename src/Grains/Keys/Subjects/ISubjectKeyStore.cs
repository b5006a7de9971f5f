namespace StellarPay.Grains.Keys.Subjects;

/// <summary>Where the wrapped data keys of subjects are kept. What a process remembers is of no use once a row has gone.</summary>
public interface ISubjectKeyStore
{
    /// <summary>A subject's key; null where he has none yet.</summary>
    Task<StoredSubjectKey?> FindAsync(string subject, CancellationToken cancellationToken);

    /// <summary>Stores a key for a subject who has none. Returns the one that he has then: of two at once the first is his.</summary>
    Task<StoredSubjectKey> AddAsync(string subject, WrappedKey key, CancellationToken cancellationToken);

    /// <summary>Stores the same key wrapped by another, unless it has changed since. False where it has.</summary>
    Task<bool> ReplaceAsync(string subject, WrappedKey before, WrappedKey after, CancellationToken cancellationToken);

    /// <summary>Destroys a subject's key, and keeps that he was erased.</summary>
    Task EraseAsync(string subject, CancellationToken cancellationToken);

    /// <summary>Keys that another key than this one wraps, by subject.</summary>
    Task<IReadOnlyList<(string Subject, WrappedKey Key)>> ReadOthersAsync(
        string keyId, string? after, int limit, CancellationToken cancellationToken);
}

/// <summary>What is stored of a subject's key.</summary>
/// <param name="Wrapped">The wrapped key; null where the subject was erased.</param>
/// <param name="IsStrangers">Whether the subject is a user who has confirmed nothing yet: there may be any number of those.</param>
public sealed record StoredSubjectKey(WrappedKey? Wrapped, bool IsStrangers);
