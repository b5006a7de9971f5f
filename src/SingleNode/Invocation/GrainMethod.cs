using System.Collections.Concurrent;
using System.Reflection;
using Orleans;
using Orleans.Concurrency;

namespace StellarPay.SingleNode;

/// <summary>A method of a grain interface, and how its calls run.</summary>
internal sealed class GrainMethod
{
    private readonly ConcurrentDictionary<Type, MethodInfo> _implementations = new();

    public GrainMethod(MethodInfo method)
    {
        Info = method;
        InterfaceName = method.DeclaringType!.Name;
        AlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute)) || IsStream(method.ReturnType);
        ReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        OneWay = method.IsDefined(typeof(OneWayAttribute)) || method.ReturnType == typeof(void);
        Timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        ParameterCount = method.GetParameters().Length;
    }

    public GrainMethod(MethodInfo method, bool alwaysInterleave)
        : this(method) => AlwaysInterleave |= alwaysInterleave;

    public MethodInfo Info { get; }

    public string InterfaceName { get; }

    public string Name => Info.Name;

    public bool AlwaysInterleave { get; }

    public bool ReadOnly { get; }

    public bool OneWay { get; }

    public TimeSpan? Timeout { get; }

    public int ParameterCount { get; }

    private static bool IsStream(Type returnType) =>
        returnType.IsGenericType && returnType.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);

    /// <summary>The method of the class that this one calls.</summary>
    public MethodInfo Implementation(Type grainClass) => _implementations.GetOrAdd(grainClass, static (type, method) =>
    {
        if (!method.DeclaringType!.IsAssignableFrom(type))
        {
            return method;
        }

        var map = type.GetInterfaceMap(method.DeclaringType);
        var index = Array.IndexOf(map.InterfaceMethods, method);
        return index < 0 ? method : map.TargetMethods[index];
    }, Info);
}
