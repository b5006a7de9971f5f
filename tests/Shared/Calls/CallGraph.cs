using System.Text.RegularExpressions;
namespace StellarPay.Tests.Shared.Calls;

/// <summary>Which grain calls which, as the decision record draws it.</summary>
internal sealed partial record CallGraph(IReadOnlySet<GrainCall> Calls)
{
    private const string Record = "docs/decisions/0003-how-grains-call-each-other.md";

    /// <summary>Reads the drawing: <c>a --> b</c> where a may wait for b, <c>a -.-> b</c> where it may not.</summary>
    public static CallGraph Read() => Parse(File.ReadAllText(Path.Combine(Root(), Record)));

    public static CallGraph Parse(string text) => new(Arrow().Matches(text)
        .Select(arrow => new GrainCall(arrow.Groups["from"].Value, arrow.Groups["to"].Value, arrow.Groups["how"].Value == "-->"))
        .ToHashSet());

    /// <summary>Grains that may wait for each other, in the order in which they call; empty if there are none.</summary>
    public IReadOnlyList<string> FindCycle()
    {
        var done = new HashSet<string>();
        foreach (var start in Calls.Select(call => call.From))
        {
            if (Follow(start, [], done) is { Count: > 0 } cycle)
            {
                return cycle;
            }
        }

        return [];
    }

    private List<string> Follow(string grain, List<string> way, HashSet<string> done)
    {
        if (way.IndexOf(grain) is var again && again >= 0)
        {
            return [.. way[again..], grain];
        }

        if (done.Contains(grain))
        {
            return [];
        }

        foreach (var call in Calls.Where(call => call.Waits && call.From == grain))
        {
            if (Follow(call.To, [.. way, grain], done) is { Count: > 0 } cycle)
            {
                return cycle;
            }
        }

        done.Add(grain);
        return [];
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StellarPay.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("StellarPay.sln was not found above the tests.");
    }

    [GeneratedRegex(@"^\s*(?<from>\w+) (?<how>-->|-\.->) (?<to>\w+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Arrow();
}
