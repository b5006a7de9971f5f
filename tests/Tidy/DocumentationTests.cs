using System.Text.RegularExpressions;

namespace StellarPay.Tidy.Tests;

public sealed partial class DocumentationTests
{
    private static readonly SourceFile[] Pages =
        [.. SourceTree.Files.Where(file => file.Path is "README.md" or "CHANGELOG.md" || (file.Under("docs") && file.Path.EndsWith(".md", StringComparison.Ordinal)))];

    private static string Script => File.ReadAllText(Path.Combine(SourceTree.Root, "stellarpay"));

    public static TheoryData<string> Files => [.. Pages.Select(page => page.Path)];

    [Fact]
    public void Every_command_that_a_page_names_is_one_of_the_scripts()
    {
        var commands = Commands();

        Pages.SelectMany(page => Command().Matches(TextOf(page)).Select(match => (page.Path, Words: match.Groups[1].Value)))
            .SelectMany(named => named.Words.Split('|', StringSplitOptions.TrimEntries).Select(command => (named.Path, command)))
            .Where(named => !commands.Contains(named.command))
            .Select(named => $"{named.Path}: ./stellarpay {named.command}")
            .ShouldBeEmpty();
    }

    [Fact]
    public void The_scripts_help_names_its_commands_and_no_other() =>
        Help().Matches(Script).Select(match => match.Groups[1].Value).Append("help").ShouldBe(Commands(), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_link_of_a_page_leads_to_a_file(string path)
    {
        var page = Pages.Single(page => page.Path == path);
        var folder = Path.GetDirectoryName(page.FullPath)!;

        Link().Matches(TextOf(page)).Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(folder, target)))
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_heading_that_a_page_links_to_is_there(string path)
    {
        var text = TextOf(Pages.Single(page => page.Path == path));
        var headings = Heading().Matches(text)
            .Select(match => NotInAnchor().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

        Anchor().Matches(text).Select(match => match.Groups[1].Value).Except(headings).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_decision_that_a_page_names_by_number_is_there(string path)
    {
        var decisions = SourceTree.Files.Where(file => file.Under("docs/decisions")).Select(file => Path.GetFileName(file.Path)[..4]);

        Decision().Matches(TextOf(Pages.Single(page => page.Path == path))).Select(match => match.Value)
            .Except(decisions).ShouldBeEmpty();
    }

    [Fact]
    public void Every_setting_that_the_README_names_is_read_somewhere()
    {
        var code = string.Concat(SourceTree.Files
            .Where(file => file.Under("src") || file.Under("eng") || file.Path == "stellarpay")
            .Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal) || !Path.HasExtension(file.Path)
                || file.Path.EndsWith(".sh", StringComparison.Ordinal))
            .Select(TextOf));

        // A name in the settings table; ASP.NET Core and OpenTelemetry read their own.
        Setting().Matches(TextOf(Pages.Single(page => page.Path == "README.md"))).Select(match => match.Groups[1].Value)
            .Where(name => !name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) && !name.StartsWith("OTEL_", StringComparison.Ordinal))
            .Where(name => !code.Contains(name, StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static string[] Commands() => [.. Case().Matches(Script).Select(match => match.Groups[1].Value)];

    private static string TextOf(SourceFile file) => File.ReadAllText(file.FullPath);

    [GeneratedRegex(@"^  ([a-z]+)(?:\|-h\|--help)?\) ", RegexOptions.Multiline)]
    private static partial Regex Case();

    [GeneratedRegex(@"^  ([a-z]+)  ", RegexOptions.Multiline)]
    private static partial Regex Help();

    [GeneratedRegex(@"\./stellarpay ([a-z]+(?: \| [a-z]+)*)")]
    private static partial Regex Command();

    [GeneratedRegex(@"\]\(([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\]\(#([^)\s]+)\)")]
    private static partial Regex Anchor();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    // Four digits in brackets: (0006), or (0006, 0007).
    [GeneratedRegex(@"(?<=\((?:\d{4}, )*)00\d\d(?=[,)])")]
    private static partial Regex Decision();

    [GeneratedRegex(@"^\| `([A-Z_]+)`", RegexOptions.Multiline)]
    private static partial Regex Setting();
}
