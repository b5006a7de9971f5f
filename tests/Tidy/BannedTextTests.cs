using System.Text.RegularExpressions;

namespace StellarPay.Tidy.Tests;

public sealed partial class BannedTextTests
{
    // What the house bans, why, and where the reason does not hold.
    private static readonly Ban[] Bans =
    [
        new(Leftover(), "finish it or file it", []),
        new(Region(), "split the file instead", []),
        new(MachinePath(), "name no machine's own paths", ["tests/Tidy/"]),
        // The driver lends a reader to the next command of its connection as soon as it is given back: who gives it back twice, here and
        // at the end of its scope, takes a stranger's answer away, and the stranger waits for ever.
        new(ReaderGivenBack(), "let the end of its scope give a reader back, and only that", []),
    ];

    [Fact]
    public void No_file_uses_what_the_house_bans()
    {
        var found = new List<string>();
        foreach (var file in SourceTree.CSharp.Where(file => file.Path != "tests/Tidy/BannedTextTests.cs"))
        {
            for (var i = 0; i < file.Lines.Length; i++)
            {
                var code = CodeOf(file.Lines[i]);
                found.AddRange(Bans
                    .Where(ban => !ban.Except.Any(prefix => file.Path.StartsWith(prefix, StringComparison.Ordinal)))
                    .Where(ban => ban.Pattern.IsMatch(code))
                    .Select(ban => $"{file.Path}:{i + 1}: {ban.Instead}: {file.Lines[i].Trim()}"));
            }
        }

        found.ShouldBeEmpty();
    }

    [Fact]
    public void Every_suppression_stands_beside_its_reason() =>
        SourceTree.Files
            .Where(file => Path.GetExtension(file.Path) is ".cs" or ".csproj" or ".props" or ".targets" or ".editorconfig")
            .Where(file => file.Path != "tests/Tidy/BannedTextTests.cs")
            .SelectMany(file => file.Lines.Select((line, i) => (file, line, i)))
            .Where(at => Suppression().IsMatch(at.line))
            .Where(at => !Comment().IsMatch(at.line) && (at.i == 0 || !Comment().IsMatch(at.file.Lines[at.i - 1])))
            .Select(at => $"{at.file.Path}:{at.i + 1}: {at.line.Trim()}")
            .ShouldBeEmpty();

    private static string CodeOf(string line)
    {
        var trimmed = line.TrimStart();
        return trimmed.StartsWith("//", StringComparison.Ordinal) && !Leftover().IsMatch(trimmed) ? "" : line;
    }

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|\bXXX\b")]
    private static partial Regex Leftover();

    [GeneratedRegex(@"#pragma warning disable|SuppressMessage\(|<NoWarn>|severity = none")]
    private static partial Regex Suppression();

    [GeneratedRegex(@"//|<!--|-->|^\s*# |Justification = ")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b\w*[rR]eader\.(Dispose|Close)(Async)?\(")]
    private static partial Regex ReaderGivenBack();

    [GeneratedRegex(@"^\s*#region")]
    private static partial Regex Region();

    [GeneratedRegex(@"""/(home|root|work)/")]
    private static partial Regex MachinePath();

    private sealed record Ban(Regex Pattern, string Instead, string[] Except);
}
