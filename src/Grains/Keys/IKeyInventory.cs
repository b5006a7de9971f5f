namespace StellarPay.Grains.Keys;

/// <summary>Looks over all stored states for the keys that wrap their seeds.</summary>
public interface IKeyInventory
{
    /// <summary>How many seeds each key-encryption key wraps.</summary>
    Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken);

    /// <summary>States with a seed that another key wraps, in a fixed order.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="after">The last state of the page before, or null to begin.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    Task<IReadOnlyList<KeyHolder>> ReadOthersAsync(
        string keyId, KeyHolder? after, int limit, CancellationToken cancellationToken);
}

/// <summary>A state that holds seeds.</summary>
/// <param name="StateName">The state's name.</param>
/// <param name="GrainKey">The key of the grain whose it is.</param>
public sealed record KeyHolder(string StateName, string GrainKey);
