using System.Collections.Concurrent;
using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>Which types need no copy, because nobody can change their values or has promised not to.</summary>
internal static class ImmutableTypes
{
    private static readonly ConcurrentDictionary<Type, bool> Verdicts = new();

    public static bool Contains(Type type) => Verdicts.GetOrAdd(type, static each => Decide(each));

    private static bool Decide(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsDefined(typeof(ImmutableAttribute), inherit: false)
            || typeof(IAddressable).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type)
            || typeof(Delegate).IsAssignableFrom(type))
        {
            return true;
        }

        if (type == typeof(object) || type.IsArray)
        {
            return false;
        }

        return MessageTypes.IsKnownValue(type)
            || (IsTransparent(type) && Array.TrueForAll(type.GetGenericArguments(), Contains));
    }

    // These are as immutable as what they hold.
    private static bool IsTransparent(Type type) =>
        type.IsGenericType && (
            type.Namespace is "System.Collections.Immutable" or "System.Collections.Frozen"
            || (type.Namespace == "System" && (type.Name.StartsWith("Nullable`", StringComparison.Ordinal)
                || type.Name.StartsWith("Tuple`", StringComparison.Ordinal)
                || type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal)))
            || type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>));
}
