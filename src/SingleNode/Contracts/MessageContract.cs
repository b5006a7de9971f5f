using System.Collections.Concurrent;
using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>Refuses the interfaces and messages that Orleans' code generator would refuse.</summary>
internal static class MessageContract
{
    private static readonly ConcurrentDictionary<Type, string?> Verdicts = new();

    /// <summary>Checks an interface and everything that its methods carry.</summary>
    public static void Check(Type face)
    {
        if (!face.IsInterface || !typeof(IAddressable).IsAssignableFrom(face))
        {
            throw new ArgumentException($"{face.FullName} is not a grain or observer interface.", nameof(face));
        }

        var faults = GrainInterface.MethodsOf(face).SelectMany(method => FaultsOf(face, method)).Distinct().ToList();
        if (faults.Count > 0)
        {
            throw new OrleansConfigurationException(
                $"{face.FullName} is not a grain interface that Orleans takes: {string.Join(" ", faults)}");
        }
    }

    private static IEnumerable<string> FaultsOf(Type face, MethodInfo method)
    {
        var where = $"{method.DeclaringType!.Name}.{method.Name}";
        if (method.IsGenericMethodDefinition)
        {
            yield return $"{where} is generic, which SingleNode does not offer.";
        }

        if (method.GetParameters().FirstOrDefault(each => each.ParameterType.IsByRef) is { } byReference)
        {
            yield return $"{where} passes {byReference.Name} by reference.";
            yield break;
        }

        if (!IsReturnType(method.ReturnType, typeof(IGrainObserver).IsAssignableFrom(face)))
        {
            yield return $"{where} returns {method.ReturnType.Name}; "
                + "a grain method returns Task, Task<T>, ValueTask, ValueTask<T> or IAsyncEnumerable<T>.";
            yield break;
        }

        var carried = method.GetParameters().Select(each => each.ParameterType);
        if (method.ReturnType.IsGenericType)
        {
            carried = carried.Append(method.ReturnType.GetGenericArguments()[0]);
        }

        foreach (var fault in carried.Select(FaultOf).OfType<string>())
        {
            yield return $"{where}: {fault}";
        }
    }

    private static bool IsReturnType(Type type, bool isObserver)
    {
        if (type == typeof(Task) || type == typeof(ValueTask) || (isObserver && type == typeof(void)))
        {
            return true;
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return definition == typeof(Task<>) || definition == typeof(ValueTask<>)
            || definition == typeof(IAsyncEnumerable<>);
    }

    private static string? FaultOf(Type type)
    {
        if (Verdicts.TryGetValue(type, out var known))
        {
            return known;
        }

        var fault = MessageTypes.FaultOf(type, []);
        Verdicts[type] = fault;
        return fault;
    }
}
