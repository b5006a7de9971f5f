using System.Reflection;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>What a return type asks of a call: its base class, and the method by which a proxy sends it.</summary>
internal sealed record ReturnKind(Type CallBase, MethodInfo Send)
{
    public static ReturnKind Of(Type returnType)
    {
        if (returnType == typeof(Task))
        {
            return new ReturnKind(typeof(TaskCall), Sender(nameof(GrainReference.SendTask), null));
        }

        if (returnType == typeof(ValueTask))
        {
            return new ReturnKind(typeof(ValueTaskCall), Sender(nameof(GrainReference.SendValueTask), null));
        }

        if (returnType == typeof(void))
        {
            return new ReturnKind(typeof(VoidCall), Sender(nameof(GrainReference.SendVoid), null));
        }

        var definition = returnType.IsGenericType ? returnType.GetGenericTypeDefinition() : null;
        var result = definition is null ? null : returnType.GetGenericArguments()[0];
        if (definition == typeof(Task<>))
        {
            return new ReturnKind(
                typeof(TaskCall<>).MakeGenericType(result!), Sender(nameof(GrainReference.SendTask), result));
        }

        if (definition == typeof(ValueTask<>))
        {
            return new ReturnKind(
                typeof(ValueTaskCall<>).MakeGenericType(result!), Sender(nameof(GrainReference.SendValueTask), result));
        }

        if (definition == typeof(IAsyncEnumerable<>))
        {
            return new ReturnKind(
                typeof(StreamCall<>).MakeGenericType(result!), Sender(nameof(GrainReference.SendStream), result));
        }

        throw new NotSupportedException($"{returnType} is not a return type of grain methods.");
    }

    private static MethodInfo Sender(string name, Type? result)
    {
        var method = typeof(GrainReference).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic)
            .Single(each => each.Name == name && each.IsGenericMethodDefinition == (result is not null));
        return result is null ? method : method.MakeGenericMethod(result);
    }
}
