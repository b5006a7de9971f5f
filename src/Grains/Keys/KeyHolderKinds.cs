using Microsoft.Extensions.DependencyInjection;

namespace StellarPay.Grains.Keys;

/// <summary>A kind of grain whose state holds encrypted seeds, as its feature announces it.</summary>
/// <param name="StateName">The name of its state.</param>
/// <param name="Find">Its grain with a key.</param>
public sealed record KeyHolderKind(string StateName, Func<IGrainFactory, string, IKeyHolder> Find);

/// <summary>Announces kinds of grains that hold keys.</summary>
public static class KeyHolderExtensions
{
    /// <summary>Has the rotation of key-encryption keys ask grains of a kind to wrap their data keys anew.</summary>
    /// <typeparam name="T">The grain's interface.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="stateName">The name of the grain's state.</param>
    public static IServiceCollection AddKeyHolder<T>(this IServiceCollection services, string stateName)
        where T : IKeyHolder
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton(new KeyHolderKind(stateName, (grains, key) => grains.GetGrain<T>(key)));
    }
}

/// <summary>Finds the grains that hold keys, by the names of their states.</summary>
public sealed class KeyHolderKinds(IEnumerable<KeyHolderKind> kinds)
{
    private readonly Dictionary<string, KeyHolderKind> _kinds =
        kinds.DistinctBy(kind => kind.StateName).ToDictionary(kind => kind.StateName, StringComparer.Ordinal);

    /// <summary>The grain that holds a state; null where its kind is not known to this process.</summary>
    public IKeyHolder? Find(IGrainFactory grains, KeyHolder holder)
    {
        ArgumentNullException.ThrowIfNull(holder);
        return _kinds.TryGetValue(holder.StateName, out var kind) ? kind.Find(grains, holder.GrainKey) : null;
    }
}
