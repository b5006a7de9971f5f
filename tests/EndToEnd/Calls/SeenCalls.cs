using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using StellarPay.Tests.Shared.Calls;

namespace StellarPay.EndToEnd.Tests.Calls;

/// <summary>Which grain called which in any process that a test of this assembly started, as their logs say it.</summary>
internal static partial class SeenCalls
{
    private static readonly ConcurrentDictionary<GrainCall, string> Calls = [];

    /// <summary>The calls, each with the method that showed it first.</summary>
    public static ConcurrentDictionary<GrainCall, string> All => Calls;

    /// <summary>Reads a line of a process's log.</summary>
    public static void Take(string? line)
    {
        if (line is not null && Call().Match(line) is { Success: true } call)
        {
            Calls.TryAdd(
                new GrainCall(call.Groups["from"].Value, call.Groups["to"].Value, call.Groups["how"].Value == "-->"),
                call.Groups["method"].Value);
        }
    }

    [GeneratedRegex(@"Grain call: (?<from>\w+) (?<how>-->|-\.->) (?<to>\w+) \((?<method>[^)]*)\)")]
    private static partial Regex Call();
}
