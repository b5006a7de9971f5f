using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using StellarPay.Adapters.Settings;
using StellarPay.Grains.Network;

namespace StellarPay.Frontdoor.Tests.Settings;

/// <summary>A setting as the page shows it.</summary>
/// <param name="Name">The variable, or the key with its section.</param>
/// <param name="Default">What it is where nobody sets it.</param>
/// <param name="Bounds">The least and the most of a number.</param>
internal sealed record Setting(string Name, string Default, string Bounds);

/// <summary>The settings of all options classes: those with a constant that names their section.</summary>
internal static class AllSettings
{
    private const string None = "–";

    // These follow from STELLAR_NETWORK and its kin.
    private static readonly string[] GivenByTheNetwork =
    [
        nameof(NetworkOptions.Passphrase), nameof(NetworkOptions.Assets), nameof(NetworkOptions.Friendbot),
        nameof(NetworkOptions.StartCursor),
    ];

    public static IEnumerable<Setting> List()
    {
        var named = SettingsExtensions.Variables.Select(pair => Of(
            pair.Variable, typeof(StellarPaySettings).GetProperty(pair.Property)!, new StellarPaySettings()));
        return named.Concat(Assemblies().SelectMany(assembly => assembly.GetTypes()).SelectMany(OfOptions));
    }

    private static IEnumerable<Assembly> Assemblies() =>
        [typeof(FrontdoorExtensions).Assembly, typeof(StellarPaySettings).Assembly, typeof(NetworkOptions).Assembly];

    private static IEnumerable<Setting> OfOptions(Type type) =>
        type.GetField("Section") is { IsLiteral: true } section && type != typeof(StellarPaySettings)
            ? OfMembers((string)section.GetRawConstantValue()!, Activator.CreateInstance(type)!)
            : [];

    private static IEnumerable<Setting> OfMembers(string section, object options) =>
        options.GetType().GetProperties()
            .Where(member => member.CanWrite && member.GetIndexParameters().Length == 0)
            .Where(member => options is not NetworkOptions || !GivenByTheNetwork.Contains(member.Name))
            .SelectMany(member =>
            {
                var name = $"{section}:{member.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? member.Name}";
                return member.PropertyType.Namespace!.StartsWith("StellarPay", StringComparison.Ordinal) && member.PropertyType.IsClass
                    ? OfMembers(name, member.GetValue(options)!)
                    : [Of(name, member, options)];
            });

    private static Setting Of(string name, PropertyInfo member, object options) => new(
        name,
        member.GetValue(options) switch
        {
            null or "" or Array { Length: 0 } or System.Collections.ICollection { Count: 0 } => None,
            Enum kind => kind.ToString().ToLowerInvariant(),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        },
        member.GetCustomAttribute<RangeAttribute>() is { } range
            ? string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}")
            : None);
}
