using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using Orleans;
using Orleans.Metadata;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>The grain classes of the program, found once in the assemblies that use the actor API.</summary>
internal sealed class GrainClasses
{
    private static readonly Lazy<GrainClasses> Found = new(() => new GrainClasses(ActorAssemblies.Find()));

    private readonly FrozenDictionary<GrainType, Type> _types;
    private readonly ConcurrentDictionary<GrainType, GrainClass> _classes = new();
    private readonly ConcurrentDictionary<(Type Interface, string? Prefix), GrainType> _byInterface = new();

    private GrainClasses(IEnumerable<Assembly> assemblies)
    {
        var types = new Dictionary<GrainType, Type>();
        foreach (var type in assemblies.SelectMany(ActorAssemblies.TypesOf).Where(IsGrainClass))
        {
            var name = GrainClass.NameOf(type);
            if (!types.TryAdd(name, type))
            {
                throw new OrleansConfigurationException(
                    $"Grain classes {types[name].FullName} and {type.FullName} both have the grain type '{name}'. "
                    + "Give one of them a [GrainType].");
            }
        }

        _types = types.ToFrozenDictionary();
    }

    public static GrainClasses All => Found.Value;

    /// <summary>The grain interfaces that the classes implement.</summary>
    public IEnumerable<Type> Interfaces => _types.Values.SelectMany(type => type.GetInterfaces())
        .Where(face => face != typeof(IGrain) && typeof(IGrain).IsAssignableFrom(face)).Distinct();

    public GrainClass Of(GrainType grainType) => _classes.GetOrAdd(grainType, name => _types.TryGetValue(name, out var type)
        ? new GrainClass(type)
        : throw new ArgumentException($"There is no grain class for the grain type '{name}'."));

    /// <summary>The class that a reference by interface means.</summary>
    public GrainType For(Type grainInterface, string? classNamePrefix) =>
        _byInterface.GetOrAdd((grainInterface, classNamePrefix), key => Choose(key.Interface, key.Prefix));

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(IGrain).IsAssignableFrom(type) && typeof(IGrainBase).IsAssignableFrom(type);

    private GrainType Choose(Type face, string? prefix)
    {
        var candidates = _types.Where(each => face.IsAssignableFrom(each.Value)).ToList();
        if (!string.IsNullOrEmpty(prefix))
        {
            candidates = candidates.FindAll(each => each.Value.FullName!.StartsWith(prefix, StringComparison.Ordinal)
                || each.Value.Name.StartsWith(prefix, StringComparison.Ordinal));
        }

        if (candidates.Count > 1 && face.GetCustomAttribute<DefaultGrainTypeAttribute>() is { } preferred)
        {
            candidates = candidates.FindAll(each => each.Key == preferred.Name);
        }

        if (candidates.Count > 1 && face.Name.StartsWith('I'))
        {
            var byName = candidates.FindAll(each => each.Value.Name == face.Name[1..]);
            candidates = byName.Count == 1 ? byName : candidates;
        }

        return candidates.Count switch
        {
            1 => candidates[0].Key,
            0 => throw new ArgumentException(
                $"Could not find an implementation for interface {face.FullName}"
                + (prefix is null ? "" : $" with the class name prefix '{prefix}'")),
            _ => throw new ArgumentException(
                $"Unable to identify a single appropriate grain type for interface {face.FullName}. "
                + $"Candidates: {string.Join(", ", candidates.Select(each => each.Value.FullName))}"),
        };
    }
}
