using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>A grain or observer interface, its methods and the maker of its proxies.</summary>
internal sealed class GrainInterface
{
    private readonly Func<GrainInterface, GrainId, CallHost, GrainReference> _make;

    public GrainInterface(Type type)
    {
        Type = type;
        InterfaceType = new GrainInterfaceType(
            type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.FullName ?? type.Name);
        var methods = MethodsOf(type);
        Methods = [.. methods.Select(method => new GrainMethod(method))];
        _make = type == typeof(IAddressable)
            ? static (face, id, host) => new GrainReference(face, id, host)
            : ProxyEmitter.Emit(type, methods);
    }

    public Type Type { get; }

    public GrainInterfaceType InterfaceType { get; }

    public GrainMethod[] Methods { get; }

    public GrainReference NewReference(GrainId grainId, CallHost host) => _make(this, grainId, host);

    public static MethodInfo[] MethodsOf(Type type) =>
    [
        .. type.GetInterfaces().Append(type)
            .SelectMany(each => each.GetMethods(BindingFlags.Instance | BindingFlags.Public))
            .Where(method => method.IsAbstract),
    ];
}
