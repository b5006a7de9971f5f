using System.Reflection;

namespace StellarPay.SingleNode.Tests.SingleNodeOnly.Surface;

/// <summary>What SingleNode shows is what Orleans shows: code that compiles against it compiles against Orleans.</summary>
public sealed class SurfaceTests
{
    // In the feed; the build downloads them.
    private static readonly string[] Carried =
    [
        "Orleans.Core.Abstractions", "Orleans.TestingHost", "Orleans.Persistence.AdoNet", "Orleans.Clustering.AdoNet",
        "Orleans.Reminders.AdoNet",
    ];

    // Compared too where the NuGet cache has them.
    private static readonly string[] Missing =
    [
        "Orleans.Core", "Orleans.Runtime", "Orleans.Serialization", "Orleans.Serialization.Abstractions",
        "Orleans.Reminders", "Orleans.Persistence.Memory",
    ];

    private static readonly Dictionary<string, HashSet<string>> Offered =
        PublicSurface.Of(typeof(IGrainFactory).Assembly.Location);

    [Fact]
    public void Every_member_of_a_type_of_the_carried_assemblies_is_in_the_real_type()
    {
        Different(Real(Carried)).Except(Uncompared.Members).ShouldBeEmpty();
    }

    [Fact]
    public void The_types_that_cannot_be_compared_on_this_feed_are_those_that_are_listed() =>
        Offered.Keys.Except(Real(Carried).Keys).Order(StringComparer.Ordinal).ShouldBe(Uncompared.Types);

    [Fact]
    public void The_other_types_are_compared_where_their_packages_are_in_the_cache()
    {
        var real = Real([.. Carried, .. Missing.Where(name => File.Exists(PathOf(name)))]);

        var isComplete = Missing.All(name => File.Exists(PathOf(name)));

        Different(real).Except(isComplete ? [] : Uncompared.Members).ShouldBeEmpty();
        Offered.Keys.Except(real.Keys).Except(isComplete ? [] : Uncompared.Types).ShouldBeEmpty();
    }

    private static IEnumerable<string> Different(Dictionary<string, HashSet<string>> real) =>
        Offered.Where(type => real.ContainsKey(type.Key))
            .SelectMany(type => type.Value.Except(real[type.Key]).Select(member => $"{type.Key}: {member}"));

    // Two assemblies may each have a part of what is one type here, such as a class of extension methods.
    private static Dictionary<string, HashSet<string>> Real(string[] names)
    {
        var all = new Dictionary<string, HashSet<string>>();
        foreach (var (type, members) in names.SelectMany(name => PublicSurface.Of(PathOf(name))))
        {
            if (all.TryGetValue(type, out var known))
            {
                known.UnionWith(members);
            }
            else
            {
                all.Add(type, members);
            }
        }

        return all;
    }

    private static string PathOf(string assembly) => Path.Combine(
        Metadata("PackageFolder"),
        $"microsoft.{assembly.ToLowerInvariant()}",
        Metadata("OrleansVersion"),
        "lib",
        "net10.0",
        $"{assembly}.dll");

    private static string Metadata(string key) => typeof(SurfaceTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == key).Value!;
}
