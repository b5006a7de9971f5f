using System.Runtime.CompilerServices;

namespace StellarPay.Frontdoor.Tests.Rights;

/// <summary>docs/rights.md: who may call what.</summary>
internal static class RightsPage
{
    private const string Head = "| endpoint | nobody | the user | another user | an administrator | a frozen user | an unconfirmed user |";

    /// <summary>The columns: those who call.</summary>
    public static readonly string[] Callers = ["nobody", "the user", "another user", "an administrator", "a frozen user", "an unconfirmed user"];

    /// <summary>Endpoint by endpoint what each caller is answered, in the order of <see cref="Callers"/>.</summary>
    public static IEnumerable<(string Endpoint, string[] Answers)> Rows()
    {
        var inTable = false;
        foreach (var line in File.ReadAllLines(Path()))
        {
            inTable = line == Head || (inTable && line.StartsWith('|'));
            if (inTable && line.StartsWith("| `", StringComparison.Ordinal))
            {
                var cells = line.Trim('|', ' ').Split(" | ");
                yield return (cells[0].Trim('`'), [.. cells[1..].Select(cell => cell.Trim())]);
            }
        }
    }

    private static string Path([CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "../../../docs/rights.md"));
}
