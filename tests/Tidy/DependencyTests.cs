using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StellarPay.Tidy.Tests;

public sealed partial class DependencyTests
{
    // Who may know whom (design.md §1).
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

    [Fact]
    public void Projects_know_only_those_below_them()
    {
        var projects = SourceTree.Files
            .Where(file => file.Under("src") && file.Path.EndsWith(".csproj", StringComparison.Ordinal)).ToList();

        projects.Select(NameOf).ShouldBe(Allowed.Keys, ignoreOrder: true);
        foreach (var project in projects)
        {
            References(project).Except(Allowed[NameOf(project)]).ShouldBeEmpty($"{project.Path} knows too much");
        }
    }

    [Fact]
    public void Nothing_under_Grains_names_PostgreSQL_HTTP_or_Azure()
    {
        var found = SourceTree.CSharp
            .Where(file => file.Under("src/Grains") || file.Under("src/Grains.Abstractions"))
            .SelectMany(file => file.Lines.Select((line, i) => (file, line, i)))
            .Where(at => Outside().IsMatch(at.line))
            .Select(at => $"{at.file.Path}:{at.i + 1}: {at.line.Trim()}");

        found.ShouldBeEmpty();
    }

    [Fact]
    public void Versions_are_said_in_one_file()
    {
        var found = SourceTree.Files
            .Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(file => XDocument.Load(file.FullPath).Descendants("PackageReference").Any(r => r.Attribute("Version") is not null))
            .Select(file => file.Path);

        found.ShouldBeEmpty();
    }

    private static string NameOf(SourceFile project) => project.Path.Split('/')[1];

    private static IEnumerable<string> References(SourceFile project) =>
        XDocument.Load(project.FullPath).Descendants("ProjectReference")
            .Select(reference => Path.GetFileName(Path.GetDirectoryName(reference.Attribute("Include")!.Value.Replace('\\', '/')))!);

    [GeneratedRegex(@"\bNpgsql\b|\bSystem\.Net\.Http\b|\bHttpClient\b|\bMicrosoft\.AspNetCore\b|\bAzure\.|\bDapper\b")]
    private static partial Regex Outside();
}
