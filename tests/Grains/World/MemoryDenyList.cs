using System.Collections.Concurrent;
using StellarPay.Grains.Compliance;

namespace StellarPay.Grains.Tests.World;

/// <summary>A deny list that a test writes: addresses, users' ids and domains.</summary>
internal sealed class MemoryDenyList : IDenyList
{
    private readonly ConcurrentDictionary<string, bool> _denied = [];

    /// <summary>Whether it cannot be read.</summary>
    public bool Down { get; set; }

    /// <summary>Nobody is on it, and it can be read.</summary>
    public void Reset()
    {
        _denied.Clear();
        Down = false;
    }

    public void Add(string name) => _denied[name] = true;

    public void Remove(string name) => _denied.TryRemove(name, out _);

    public ValueTask<bool> IsDeniedAsync(PaymentParty party, CancellationToken cancellationToken) => Down
        ? throw new DenyListUnavailableException("The list is away.")
        : ValueTask.FromResult(
            _denied.ContainsKey(party.Address)
            || (party.User is { } user && _denied.ContainsKey(user.Value))
            || (party.Domain is { } domain && _denied.ContainsKey(domain)));
}
