using System.Runtime.CompilerServices;

namespace StellarPay.Frontdoor.Tests.Settings;

/// <summary>docs/settings.md is written by hand, for its sentences; that it is whole and right is held by this.</summary>
public sealed class SettingsPageTests
{
    private const string Head = "| setting | default | bounds | meaning |";

    [Fact]
    public void Every_setting_is_on_the_page_with_its_default_and_its_bounds()
    {
        var rows = Rows().ToArray();

        rows.Select(row => row.Name).ShouldBeUnique();
        rows.Where(row => row.Meaning.Length == 0).ShouldBeEmpty("a setting says what it is for");
        var onThePage = rows.Select(row => new Setting(row.Name, row.Default, row.Bounds)).ToArray();
        var inTheCode = AllSettings.List().ToArray();
        inTheCode.Except(onThePage).ShouldBeEmpty("docs/settings.md lacks these, or has them otherwise");
        onThePage.Except(inTheCode).ShouldBeEmpty("docs/settings.md has these, and no options class has them so");
    }

    private static IEnumerable<(string Name, string Default, string Bounds, string Meaning)> Rows()
    {
        var inTable = false;
        foreach (var line in File.ReadAllLines(Page()))
        {
            inTable = line == Head || (inTable && line.StartsWith('|'));
            if (inTable && line.StartsWith("| `", StringComparison.Ordinal))
            {
                var cells = line.Trim('|', ' ').Split(" | ");
                yield return (cells[0].Trim('`'), cells[1].Trim('`'), cells[2], cells[3]);
            }
        }
    }

    private static string Page([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/settings.md"));
}
