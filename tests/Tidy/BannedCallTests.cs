using System.Text.RegularExpressions;

namespace StellarPay.Tidy.Tests;

public sealed partial class BannedCallTests
{
    // What the house bans, why, and where the reason does not hold.
    private static readonly Ban[] Bans =
    [
        new(WallClock(), "read the time from TimeProvider", []),
        new(Sleep(), "wait for a condition with a deadline, or use a fake clock", []),
        new(Blocking(), "await it", []),
        new(Leftover(), "finish it or file it", []),
        new(Region(), "split the file instead", []),
        new(UnseededRandom(), "use RandomNumberGenerator, or a seeded Random in tests", []),
        new(MachinePath(), "name no machine's own paths", ["tests/Tidy/"]),
    ];

    [Fact]
    public void No_file_uses_what_the_house_bans()
    {
        var found = new List<string>();
        foreach (var file in SourceTree.CSharp.Where(file => file.Path != "tests/Tidy/BannedCallTests.cs"))
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
    public void Every_suppression_stands_beside_its_reason()
    {
        var found = SourceTree.CSharp
            .SelectMany(file => file.Lines.Select((line, i) => (file, line, i)))
            .Where(at => at.line.Contains("#pragma warning disable", StringComparison.Ordinal))
            .Where(at => !at.line.Contains("//", StringComparison.Ordinal)
                && (at.i == 0 || !at.file.Lines[at.i - 1].TrimStart().StartsWith("//", StringComparison.Ordinal)))
            .Where(at => at.file.Path != "tests/Tidy/BannedCallTests.cs")
            .Select(at => $"{at.file.Path}:{at.i + 1}");

        found.ShouldBeEmpty();
    }

    private static string CodeOf(string line)
    {
        var trimmed = line.TrimStart();
        return trimmed.StartsWith("//", StringComparison.Ordinal) && !Leftover().IsMatch(trimmed) ? "" : line;
    }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\bThread\.Sleep\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"(\)|Task)\.Result\b(?!s)|\.Wait\(\)|\.GetAwaiter\(\)\.GetResult\(\)")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|\bXXX\b|NotImplementedException")]
    private static partial Regex Leftover();

    [GeneratedRegex(@"^\s*#region")]
    private static partial Regex Region();

    [GeneratedRegex(@"\bnew Random\(\)|\bRandom\.Shared\b")]
    private static partial Regex UnseededRandom();

    [GeneratedRegex(@"""/(home|root|work)/")]
    private static partial Regex MachinePath();

    private sealed record Ban(Regex Pattern, string Instead, string[] Except);
}
