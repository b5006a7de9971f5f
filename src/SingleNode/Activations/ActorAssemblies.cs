using System.Reflection;

namespace StellarPay.SingleNode;

/// <summary>The loaded assemblies, and those that they refer to, which use the actor API.</summary>
internal static class ActorAssemblies
{
    private static readonly string[] Foreign = ["System", "Microsoft", "netstandard", "mscorlib", "xunit", "Npgsql"];

    public static IReadOnlyList<Assembly> Find()
    {
        var own = typeof(ActorAssemblies).Assembly;
        var seen = new Dictionary<string, Assembly>();
        var open = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(each => !each.IsDynamic));
        while (open.TryDequeue(out var assembly))
        {
            var name = assembly.GetName().Name!;
            if (IsForeign(name) || !seen.TryAdd(name, assembly))
            {
                continue;
            }

            foreach (var reference in assembly.GetReferencedAssemblies())
            {
                if (!IsForeign(reference.Name!) && !seen.ContainsKey(reference.Name!) && Load(reference) is { } loaded)
                {
                    open.Enqueue(loaded);
                }
            }
        }

        var ownName = own.GetName().Name;
        return [.. seen.Values.Where(each => each == own
            || each.GetReferencedAssemblies().Any(reference => reference.Name == ownName))];
    }

    public static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException partial)
        {
            return partial.Types.OfType<Type>();
        }
    }

    private static bool IsForeign(string name) => Array.Exists(
        Foreign, prefix => name == prefix || name.StartsWith(prefix + ".", StringComparison.Ordinal));

    private static Assembly? Load(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception error) when (error is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            // An optional dependency that is not deployed has no grains for us.
            return null;
        }
    }
}
