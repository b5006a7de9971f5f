using System.Reflection;

namespace StellarPay.Grains.Tests.Contracts;

/// <summary>What Orleans' code generator needs of the types that calls carry, and what this house asks of them besides.</summary>
internal static class MessageRules
{
    private static readonly HashSet<Type> Values =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly),
        typeof(TimeSpan), typeof(Guid), typeof(Uri), typeof(Version), typeof(Int128), typeof(UInt128),
        typeof(System.Numerics.BigInteger), typeof(CancellationToken),
    ];

    private static readonly HashSet<Type> Containers =
    [
        typeof(Nullable<>), typeof(List<>), typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IList<>),
        typeof(IEnumerable<>), typeof(ICollection<>), typeof(Dictionary<,>), typeof(IReadOnlyDictionary<,>),
        typeof(IDictionary<,>), typeof(HashSet<>), typeof(KeyValuePair<,>),
        typeof(System.Collections.Immutable.ImmutableArray<>), typeof(System.Collections.Immutable.ImmutableList<>),
        typeof(System.Collections.Immutable.ImmutableDictionary<,>),
        typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>),
    ];

    /// <summary>Every type of ours that a type is made of, itself included.</summary>
    public static IEnumerable<Type> MessagesIn(Type type)
    {
        if (type.HasElementType)
        {
            return MessagesIn(type.GetElementType()!);
        }

        var parts = type.GetGenericArguments().SelectMany(MessagesIn);
        return IsFrameworks(type) ? parts : parts.Append(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
    }

    /// <summary>The same, with the members of each message and what they are made of in turn.</summary>
    public static IReadOnlyCollection<Type> AllMessagesIn(Type type)
    {
        var found = new HashSet<Type>();
        var open = new Queue<Type>(MessagesIn(type));
        while (open.TryDequeue(out var message))
        {
            if (!found.Add(message) || message.IsEnum || message.IsInterface)
            {
                continue;
            }

            foreach (var part in NumberedProperties(message).SelectMany(each => MessagesIn(each.PropertyType)))
            {
                open.Enqueue(part);
            }
        }

        return [.. found.Where(each => !each.IsInterface)];
    }

    /// <summary>Why a member or parameter of this type could not be serialised.</summary>
    public static IEnumerable<string> FaultsOfUse(Type type)
    {
        if (type.IsGenericParameter || type.IsPrimitive || type.IsEnum || Values.Contains(type)
            || typeof(IAddressable).IsAssignableFrom(type))
        {
            return [];
        }

        if (type.IsArray)
        {
            return FaultsOfUse(type.GetElementType()!);
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        var ofArguments = type.GetGenericArguments().SelectMany(FaultsOfUse);
        return Containers.Contains(definition) || IsMessage(definition)
            ? ofArguments
            : ofArguments.Append($"{type} cannot be serialised");
    }

    public static bool IsMessage(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);

    /// <summary>What is wrong with a message type itself.</summary>
    public static IEnumerable<string> FaultsOf(Type message)
    {
        if (message.IsEnum)
        {
            yield break;
        }

        if (!message.IsDefined(typeof(AliasAttribute), inherit: false))
        {
            yield return $"{message} has no [Alias]";
        }

        var numbers = new HashSet<uint>();
        foreach (var property in message.GetProperties(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        {
            var id = property.GetCustomAttribute<IdAttribute>();
            if (id is null && HasField(message, property))
            {
                yield return $"{message}.{property.Name} has no [Id], so it would not arrive";
            }

            if (id is not null && !numbers.Add(id.Id))
            {
                yield return $"{message}.{property.Name} has the [Id] of another member";
            }

            foreach (var fault in id is null ? [] : FaultsOfUse(property.PropertyType))
            {
                yield return $"{message}.{property.Name}: {fault}";
            }
        }
    }

    private static IEnumerable<PropertyInfo> NumberedProperties(Type message) => message
        .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(property => property.IsDefined(typeof(IdAttribute)));

    private static bool HasField(Type type, PropertyInfo property) => type.GetField(
        $"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null;

    private static bool IsFrameworks(Type type) =>
        type.IsGenericParameter || (type.Namespace ?? "").StartsWith("System", StringComparison.Ordinal)
        || type.Assembly == typeof(IGrain).Assembly || type.Assembly == typeof(GenerateSerializerAttribute).Assembly;
}
