using System.Collections;
using System.Collections.Frozen;
using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>Which types Orleans can serialise.</summary>
internal static class MessageTypes
{
    private static readonly FrozenSet<Type> Known = new[]
    {
        typeof(object), typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly),
        typeof(TimeOnly), typeof(TimeSpan), typeof(Guid), typeof(Uri), typeof(Version), typeof(Type), typeof(Int128),
        typeof(UInt128), typeof(Half), typeof(System.Numerics.BigInteger), typeof(System.Net.IPAddress),
        typeof(System.Net.IPEndPoint), typeof(CancellationToken), typeof(System.Globalization.CultureInfo),
        typeof(System.Globalization.CompareInfo), typeof(BitArray), typeof(System.Collections.Specialized.BitVector32),
        typeof(System.Collections.Specialized.NameValueCollection), typeof(System.Text.Json.JsonElement),
    }.ToFrozenSet();

    /// <summary>Whether a type is one of the framework's values, which carry nothing that can be changed.</summary>
    public static bool IsKnownValue(Type type) => type != typeof(object) && type != typeof(BitArray)
        && type != typeof(System.Collections.Specialized.NameValueCollection) && Known.Contains(type);

    /// <summary>Why a type cannot be part of a message, or null if it can.</summary>
    public static string? FaultOf(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type) || type.IsPrimitive || type.IsEnum || Known.Contains(type)
            || typeof(IAddressable).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type))
        {
            return null;
        }

        if (type.IsArray)
        {
            return FaultOf(type.GetElementType()!, seen);
        }

        var ofArguments = type.GetGenericArguments().Select(each => FaultOf(each, seen)).FirstOrDefault(each => each is not null);
        if (ofArguments is not null)
        {
            return ofArguments;
        }

        if (type.GetCustomAttribute<GenerateSerializerAttribute>() is { } attribute)
        {
            return FaultOfMembers(type, attribute, seen);
        }

        return IsOfTheFramework(type)
            ? null
            : $"{type.FullName} has no [GenerateSerializer].";
    }

    /// <summary>The fields that the serializer writes: those that are numbered, directly or over their property.</summary>
    public static IEnumerable<(string Name, Type Type, uint Id)> NumberedMembers(Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.DeclaredOnly;
        foreach (var property in type.GetProperties(Own))
        {
            if (property.GetCustomAttribute<IdAttribute>() is { } id)
            {
                yield return (property.Name, property.PropertyType, id.Id);
            }
        }

        foreach (var field in type.GetFields(Own))
        {
            if (field.GetCustomAttribute<IdAttribute>() is { } id)
            {
                yield return (field.Name, field.FieldType, id.Id);
            }
        }
    }

    private static string? FaultOfMembers(Type type, GenerateSerializerAttribute attribute, HashSet<Type> seen)
    {
        var numbers = new HashSet<uint>();
        foreach (var (name, memberType, id) in NumberedMembers(type))
        {
            if (!numbers.Add(id))
            {
                return $"{type.FullName} has two members with [Id({id})].";
            }

            if (FaultOf(memberType, seen) is { } fault)
            {
                return $"{type.Name}.{name}: {fault}";
            }
        }

        return type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum)
            ? FaultOf(parent, seen)
            : null;
    }

    private static bool IsOfTheFramework(Type type)
    {
        var space = type.Namespace ?? "";
        return type.IsGenericType && (space == "System" || space.StartsWith("System.Collections", StringComparison.Ordinal))
            && type.Assembly.GetName().Name!.StartsWith("System", StringComparison.Ordinal);
    }
}
