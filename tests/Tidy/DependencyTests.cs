using System.Xml.Linq;
using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Syntax.Elements.Types;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace StellarPay.Tidy.Tests;

public sealed class DependencyTests
{
    // Who may know whom.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Grains.Abstractions"] = [],
        ["Stellar"] = [],
        ["Sandbox"] = ["Stellar"],
        ["Grains"] = ["Grains.Abstractions", "Stellar"],
        ["Adapters"] = ["Grains", "Grains.Abstractions", "Stellar"],
        ["Silo"] = ["Adapters", "Grains", "Grains.Abstractions", "Stellar"],
        ["Frontdoor"] = ["Silo", "Sandbox", "Adapters", "Grains", "Grains.Abstractions", "Stellar"],
    };

    private static readonly Lazy<Architecture> Compiled = new(
        () => new ArchLoader().LoadAssemblies([.. Allowed.Keys.Select(AssemblyOf)]).Build());

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    // The namespaces of PostgreSQL's driver and mapper, of HTTP, of Azure and of telemetry.
    public static TheoryData<string> Outside =>
        [@"^Npgsql", @"^Microsoft\.EntityFrameworkCore", @"^System\.Net\.Http", @"^Microsoft\.AspNetCore", @"^Azure", @"^OpenTelemetry"];

    [Fact]
    public void Every_project_has_its_place() =>
        SourceTree.Files
            .Where(file => file.Under("src") && file.Path.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(file => file.Path.Split('/')[1])
            .ShouldBe(Allowed.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_knows_only_those_below_it(string project)
    {
        foreach (var above in Allowed.Keys.Except([project, .. Allowed[project]]))
        {
            TypesOf(project).Should().NotDependOnAny(Types().That().ResideInAssembly(AssemblyOf(above))).Check(Compiled.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_names_no_other_as_a_reference(string project) =>
        XDocument.Load(Path.Combine(SourceTree.Root, "src", project, $"StellarPay.{project}.csproj"))
            .Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value.Split('/', '\\')[1])
            .Except(Allowed[project])
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Outside))]
    public void Nothing_under_Grains_names_PostgreSQL_HTTP_Azure_or_OpenTelemetry(string library)
    {
        var outside = Types(includeReferenced: true).That().ResideInNamespaceMatching(library);

        // A library that nobody uses would be kept out by any rule.
        outside.GetObjects(Compiled.Value).ShouldNotBeEmpty();
        TypesOf("Grains").Should().NotDependOnAny(outside).Check(Compiled.Value);
        TypesOf("Grains.Abstractions").Should().NotDependOnAny(outside).Check(Compiled.Value);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_class_is_sealed_or_made_to_be_derived_from(string project) =>
        Classes().That().ResideInAssembly(AssemblyOf(project)).And().AreNotAbstract()
            // The compiler makes it of top-level statements.
            .And().DoNotHaveName("Program")
            .Should().BeSealed().Check(Compiled.Value);

    [Fact]
    public void Versions_are_said_in_one_file() =>
        SourceTree.Files
            .Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(file => XDocument.Load(file.FullPath).Descendants("PackageReference").Any(r => r.Attribute("Version") is not null))
            .Select(file => file.Path)
            .ShouldBeEmpty();

    private static GivenTypesConjunction TypesOf(string project) => Types().That().ResideInAssembly(AssemblyOf(project));

    private static Assembly AssemblyOf(string project) => Assembly.Load($"StellarPay.{project}");
}
