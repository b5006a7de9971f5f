using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace StellarPay.Adapters.Settings;

/// <summary>
/// Compares what is set with the options classes. The binder passes over what it does not know, and over a value where a
/// list is due; and what is of the wrong type it names by class only.
/// </summary>
/// <param name="assemblies">Where the options classes are: those with a constant <c>Section</c>.</param>
/// <param name="whole">Whether they are all that there are, so that a section of none is a misspelt one.</param>
public sealed class SettingsShape(IEnumerable<Assembly> assemblies, bool whole)
{
    private readonly ILookup<string, Type> _classes = assemblies.Distinct()
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.GetField("Section") is { IsLiteral: true })
        .ToLookup(type => (string)type.GetField("Section")!.GetRawConstantValue()!, StringComparer.OrdinalIgnoreCase);

    /// <summary>Sentences about what cannot be meant, and the names that nothing reads.</summary>
    public (IReadOnlyList<string> Wrong, IReadOnlyList<string> Unread) Compare(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var (wrong, unread) = (new List<string>(), new List<string>());
        foreach (var section in _classes.Select(group => group.Key))
        {
            foreach (var child in configuration.GetSection(section).GetChildren())
            {
                if (Find(_classes[section], child.Key) is { } member)
                {
                    Check(child, member.PropertyType, wrong);
                }
                else if (!_classes.Contains(child.Path) && (whole || section != StellarPaySettings.Section))
                {
                    unread.Add(child.Path);
                }
            }
        }

        return (wrong, unread);
    }

    private static void Check(IConfigurationSection node, Type type, List<string> wrong)
    {
        var list = type.IsArray;
        var table = !list && !Parses(type);
        if ((list || table) && !string.IsNullOrEmpty(node.Value))
        {
            wrong.Add(list
                ? $"{node.Path} is a list: it takes {node.Path}:0, {node.Path}:1 and so on."
                : $"{node.Path} takes no value itself, but names below it.");
        }

        if (!list && !table)
        {
            CheckValue(node, type, wrong);
        }

        foreach (var child in list || table ? node.GetChildren() : [])
        {
            if (list)
            {
                CheckItem(node, child, type.GetElementType()!, wrong);
            }
            else if (typeof(IDictionary).IsAssignableFrom(type))
            {
                Check(child, type.GetGenericArguments()[1], wrong);
            }
            else if (Find([type], child.Key) is { } member)
            {
                Check(child, member.PropertyType, wrong);
            }
            else
            {
                // Such as the limit of a tier that there is not: somebody believes that it holds.
                wrong.Add($"{child.Path} is no setting; {node.Path} has {string.Join(", ", Members(type).Select(NameOf))}.");
            }
        }
    }

    private static void CheckItem(IConfigurationSection node, IConfigurationSection child, Type item, List<string> wrong)
    {
        if (int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            Check(child, item, wrong);
        }
        else
        {
            wrong.Add($"{child.Path} is no setting; {node.Path} is a list: it takes {node.Path}:0, {node.Path}:1 and so on.");
        }
    }

    private static void CheckValue(IConfigurationSection node, Type type, List<string> wrong)
    {
        if (node.GetChildren().Any())
        {
            wrong.Add($"{node.Path} takes one value.");
        }
        else if (node.Value is { Length: > 0 } value && !Converts(value, type))
        {
            wrong.Add($"{node.Path} has a value of the wrong type: it takes {Kind(Nullable.GetUnderlyingType(type) ?? type)}.");
        }
    }

    // The binder takes an enum's names in any case; its converter would not.
    private static bool Converts(string value, Type type) =>
        type.IsEnum ? Enum.TryParse(type, value, ignoreCase: true, out _) : TypeDescriptor.GetConverter(type).IsValid(value);

    private static string Kind(Type type) => type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type.IsEnum => $"any of {string.Join(", ", Enum.GetNames(type)).ToLowerInvariant()}",
        _ => "a whole number",
    };

    private static bool Parses(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static IEnumerable<PropertyInfo> Members(Type type) =>
        type.GetProperties().Where(member => member.CanWrite && member.GetIndexParameters().Length == 0);

    private static PropertyInfo? Find(IEnumerable<Type> classes, string name) =>
        classes.SelectMany(Members).FirstOrDefault(member => NameOf(member).Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string NameOf(PropertyInfo member) =>
        member.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? member.Name;
}
