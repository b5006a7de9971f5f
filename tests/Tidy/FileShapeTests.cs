using System.Text.RegularExpressions;

namespace StellarPay.Tidy.Tests;

public sealed partial class FileShapeTests
{
    // About 300 lines is the aim; past this a file is two things.
    private const int MostLines = 400;
    private const int LongestLine = 140;

    private static readonly string[] VagueNames = ["Helper", "Helpers", "Util", "Utils", "Utilities", "Common", "Manager", "Misc"];

    [Fact]
    public void No_source_file_is_longer_than_one_thing() =>
        SourceTree.CSharp.Where(file => file.Lines.Length > MostLines)
            .Select(file => $"{file.Path}: {file.Lines.Length} lines, at most {MostLines}")
            .ShouldBeEmpty();

    [Fact]
    public void No_line_needs_a_wider_screen() =>
        SourceTree.CSharp
            .SelectMany(file => file.Lines.Select((line, i) => (file, line, i)))
            .Where(at => at.line.Length > LongestLine && !at.line.Contains('"', StringComparison.Ordinal))
            .Select(at => $"{at.file.Path}:{at.i + 1}: {at.line.Length} characters, at most {LongestLine}")
            .ShouldBeEmpty();

    [Fact]
    public void No_folder_or_file_has_a_name_that_says_nothing() =>
        SourceTree.CSharp
            .Where(file => file.Path.Split('/', '.').Any(VagueNames.Contains))
            .Select(file => file.Path)
            .ShouldBeEmpty();

    [Fact]
    public void Every_namespace_is_file_scoped() =>
        SourceTree.CSharp
            .SelectMany(file => file.Lines.Select((line, i) => (file, line, i)))
            .Where(at => at.line.StartsWith("namespace ", StringComparison.Ordinal) && !at.line.TrimEnd().EndsWith(';'))
            .Select(at => $"{at.file.Path}:{at.i + 1}")
            .ShouldBeEmpty();

    // Whoever catches one would take one failure for another.
    [Fact]
    public void An_error_code_of_our_own_means_one_thing() =>
        SourceTree.Files
            .Where(file => file.Path.EndsWith(".sql", StringComparison.Ordinal))
            .SelectMany(file => file.Lines.SelectMany(
                line => OurCode().Matches(line).Select(match => (Code: match.Groups[1].Value, file.Path))))
            .Distinct()
            .GroupBy(raised => raised.Code)
            .Where(raised => raised.Count() > 1)
            .Select(raised => $"{raised.Key} is raised in {string.Join(" and ", raised.Select(each => each.Path))}")
            .ShouldBeEmpty();

    [Fact]
    public void No_source_file_is_empty() =>
        SourceTree.CSharp.Where(file => file.Lines.All(string.IsNullOrWhiteSpace)).Select(file => file.Path).ShouldBeEmpty();

    [GeneratedRegex("ERRCODE = '(SP[0-9]{3})'")]
    private static partial Regex OurCode();
}
