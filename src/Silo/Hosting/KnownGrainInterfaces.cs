using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using Orleans.Serialization.TypeSystem;

namespace StellarPay.Silo.Hosting;

/// <summary>
/// The names of grain interfaces, each worked out once. Orleans looks for attributes of an interface, and puts its name together, at every
/// <c>GetGrain</c>: a tenth of what the reading of a balance took.
/// </summary>
internal sealed class KnownGrainInterfaces : IGrainInterfaceTypeProvider
{
    private readonly ConcurrentDictionary<Type, GrainInterfaceType> _known = [];
    private readonly Func<Type, GrainInterfaceType> _workOut;

    public KnownGrainInterfaces(IServiceProvider services, TypeConverter names)
    {
        // As Orleans itself does it, without this class.
        var orleans = new GrainInterfaceTypeResolver([new AttributeGrainInterfaceTypeProvider(services)], names);
        _workOut = orleans.GetGrainInterfaceType;
    }

    /// <summary>Has it asked before Orleans' own.</summary>
    public static void AddTo(IServiceCollection services) =>
        services.Insert(0, ServiceDescriptor.Singleton<IGrainInterfaceTypeProvider, KnownGrainInterfaces>());

    public bool TryGetGrainInterfaceType(Type type, out GrainInterfaceType grainInterfaceType)
    {
        grainInterfaceType = _known.GetOrAdd(type, _workOut);
        return true;
    }
}
