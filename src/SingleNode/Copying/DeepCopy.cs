using System.Collections.Concurrent;
using System.Reflection;

namespace StellarPay.SingleNode;

/// <summary>Copies a value with everything in it that can be changed; what occurs twice in it stays one.</summary>
internal static class DeepCopy
{
    private static readonly ConcurrentDictionary<Type, Func<object, Copies, object>> Copiers = new();

    private static readonly MethodInfo MemberwiseCloneMethod =
        typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private static readonly Func<object, object> ShallowClone = MemberwiseCloneMethod.CreateDelegate<Func<object, object>>();

    public static object Of(object value) => Of(value, new Copies());

    private static object Of(object value, Copies copies)
    {
        if (ImmutableTypes.Contains(value.GetType()))
        {
            return value;
        }

        if (copies.TryGetValue(value, out var known))
        {
            return known;
        }

        return Copiers.GetOrAdd(value.GetType(), static type => CopierOf(type))(value, copies);
    }

    private static T? Of<T>(T? value, Copies copies) => value is null ? value : (T)Of((object)value, copies);

    private static Func<object, Copies, object> CopierOf(Type type)
    {
        if (type.IsArray)
        {
            return type.GetArrayRank() == 1
                ? Generic(nameof(CopyArray), type.GetElementType()!)
                : static (value, _) => ((Array)value).Clone();
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return definition == typeof(List<>) ? Generic(nameof(CopyList), type.GetGenericArguments())
            : definition == typeof(Dictionary<,>) ? Generic(nameof(CopyDictionary), type.GetGenericArguments())
            : definition == typeof(HashSet<>) ? Generic(nameof(CopySet), type.GetGenericArguments())
            : definition == typeof(Queue<>) ? Generic(nameof(CopyQueue), type.GetGenericArguments())
            : ByMembers(type);
    }

    private static Func<object, Copies, object> Generic(string method, params Type[] arguments) =>
        typeof(DeepCopy).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(arguments).CreateDelegate<Func<object, Copies, object>>();

    private static object CopyArray<T>(object value, Copies copies)
    {
        var copy = (T[])((T[])value).Clone();
        copies[value] = copy;
        if (Copy<T>.IsNeeded)
        {
            for (var i = 0; i < copy.Length; i++)
            {
                copy[i] = Of(copy[i], copies)!;
            }
        }

        return copy;
    }

    private static object CopyList<T>(object value, Copies copies)
    {
        var original = (List<T>)value;
        var copy = new List<T>(original.Count);
        copies[value] = copy;
        copy.AddRange(original.Select(each => Of(each, copies)!));
        return copy;
    }

    private static object CopyDictionary<TKey, TValue>(object value, Copies copies)
        where TKey : notnull
    {
        var original = (Dictionary<TKey, TValue>)value;
        var copy = new Dictionary<TKey, TValue>(original.Count, original.Comparer);
        copies[value] = copy;
        foreach (var (key, each) in original)
        {
            copy.Add(Of(key, copies)!, Of(each, copies)!);
        }

        return copy;
    }

    private static object CopySet<T>(object value, Copies copies)
    {
        var original = (HashSet<T>)value;
        var copy = new HashSet<T>(original.Count, original.Comparer);
        copies[value] = copy;
        copy.UnionWith(original.Select(each => Of(each, copies)!));
        return copy;
    }

    private static object CopyQueue<T>(object value, Copies copies)
    {
        var copy = new Queue<T>(((Queue<T>)value).Select(each => Of(each, copies)!));
        copies[value] = copy;
        return copy;
    }

    // A message class of our own: its numbered members are what a serializer would carry.
    private static Func<object, Copies, object> ByMembers(Type type)
    {
        var fields = new List<FieldInfo>();
        for (var each = type; each is not null && each != typeof(object); each = each.BaseType)
        {
            fields.AddRange(each.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
        }

        var mutable = fields.Where(field => !ImmutableTypes.Contains(field.FieldType)).ToArray();
        return (value, copies) =>
        {
            var copy = ShallowClone(value);
            copies[value] = copy;
            foreach (var field in mutable)
            {
                if (field.GetValue(copy) is { } part)
                {
                    field.SetValue(copy, Of(part, copies));
                }
            }

            return copy;
        };
    }

    private sealed class Copies() : Dictionary<object, object>(ReferenceEqualityComparer.Instance);
}
