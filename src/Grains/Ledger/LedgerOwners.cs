using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Ledger;

/// <summary>A kind of grain that owns addresses, as its feature announces it.</summary>
/// <param name="Kind">The name of its state, by which its addresses and its inbox are stored.</param>
/// <param name="Find">Its grain with a key, as grains call it.</param>
/// <param name="FindForOperators">The same grain, as operators call it.</param>
public sealed record LedgerOwnerKind(
    string Kind, Func<IGrainFactory, string, ILedgerOwner> Find, Func<IGrainFactory, string, IParkedRowsOwner> FindForOperators);

/// <summary>Announces kinds of owners.</summary>
public static class LedgerOwnerExtensions
{
    /// <summary>Lets grains of a kind own addresses and be given what the ledger holds for them.</summary>
    /// <typeparam name="T">The grain's interface for grains.</typeparam>
    /// <typeparam name="TForOperators">The grain's interface for operators.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="kind">The name of the grain's state.</param>
    public static IServiceCollection AddLedgerOwner<T, TForOperators>(this IServiceCollection services, string kind)
        where T : ILedgerOwner
        where TForOperators : IParkedRowsOwner
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton(new LedgerOwnerKind(
            kind, (grains, key) => grains.GetGrain<T>(key), (grains, key) => grains.GetGrain<TForOperators>(key)));
    }
}

/// <summary>Finds the grains of owners, of whatever kind.</summary>
public sealed class LedgerOwners(IEnumerable<LedgerOwnerKind> kinds)
{
    private readonly Dictionary<string, LedgerOwnerKind> _kinds =
        kinds.DistinctBy(kind => kind.Kind).ToDictionary(kind => kind.Kind, StringComparer.Ordinal);

    /// <summary>The grain of an owner; null where its kind is not known to this process.</summary>
    public ILedgerOwner? Find(IGrainFactory grains, LedgerOwner owner) =>
        _kinds.TryGetValue(owner.Kind, out var kind) ? kind.Find(grains, owner.Key) : null;

    /// <summary>The grain of an owner as operators call it; null where its kind is not known to this process.</summary>
    public IParkedRowsOwner? FindForOperators(IGrainFactory grains, LedgerOwner owner) =>
        _kinds.TryGetValue(owner.Kind, out var kind) ? kind.FindForOperators(grains, owner.Key) : null;
}
