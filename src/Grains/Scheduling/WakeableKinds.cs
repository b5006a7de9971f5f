using Microsoft.Extensions.DependencyInjection;

namespace StellarPay.Grains.Scheduling;

/// <summary>
/// What a due grain is woken for. Each lane has its own number of grains that are woken at once, so that what is due in one
/// never waits for what is due in another.
/// </summary>
public enum WakeLane
{
    /// <summary>Money on its way: what a crash left is taken up again here.</summary>
    Recovery,

    /// <summary>What users planned for a time; much of it for the same one.</summary>
    Schedules,

    /// <summary>What the platform's own accounts do.</summary>
    Platform,

    /// <summary>What may take hours.</summary>
    Housekeeping,
}

/// <summary>A kind of grain that can be due, as its feature announces it.</summary>
/// <param name="StateName">The name of its state.</param>
/// <param name="Lane">What it is woken for.</param>
/// <param name="Find">Its grain with a key.</param>
public sealed record WakeableKind(string StateName, WakeLane Lane, Func<IGrainFactory, string, IWakeable> Find)
{
    /// <summary>How many of the kind a partition wakes at once.</summary>
    public int AtOnce => Lane switch
    {
        WakeLane.Recovery => 16,
        WakeLane.Schedules => 8,
        WakeLane.Platform => 4,
        _ => 2,
    };
}

/// <summary>Announces kinds of grains that can be due.</summary>
public static class WakeableExtensions
{
    /// <summary>Has grains of a kind woken when their state's <c>dueAt</c> has come.</summary>
    /// <typeparam name="T">The grain's interface.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="stateName">The name of the grain's state.</param>
    /// <param name="lane">What it is woken for.</param>
    public static IServiceCollection AddWakeable<T>(this IServiceCollection services, string stateName, WakeLane lane)
        where T : IWakeable
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton(new WakeableKind(stateName, lane, (grains, key) => grains.GetGrain<T>(key)));
    }
}

/// <summary>The kinds of grains that can be due, by the names of their states.</summary>
public sealed class WakeableKinds(IEnumerable<WakeableKind> kinds)
{
    private readonly Dictionary<string, WakeableKind> _kinds =
        kinds.DistinctBy(kind => kind.StateName).ToDictionary(kind => kind.StateName, StringComparer.Ordinal);

    /// <summary>The kind with a state of this name; null where this process knows none.</summary>
    public WakeableKind? Find(string stateName) => _kinds.GetValueOrDefault(stateName);
}
