using System.Collections.Concurrent;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>The interfaces that were used so far, each checked and given a proxy when it was first used.</summary>
internal static class GrainInterfaces
{
    private static readonly ConcurrentDictionary<Type, Lazy<GrainInterface>> Known = new();

    /// <summary>The interface of references whose interface nobody has named.</summary>
    public static GrainInterface Untyped { get; } = new(typeof(IAddressable));

    public static GrainInterface Of(Type type) => Known.GetOrAdd(type, static face => new Lazy<GrainInterface>(() =>
    {
        MessageContract.Check(face);
        return new GrainInterface(face);
    })).Value;
}

/// <summary>The interface of a type, looked up once.</summary>
internal static class GrainInterfaceOf<T>
{
    private static readonly Lazy<GrainInterface> Found = new(() => GrainInterfaces.Of(typeof(T)));

    public static GrainInterface Value => Found.Value;
}
