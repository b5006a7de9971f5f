using System.Runtime.CompilerServices;

namespace StellarPay.Frontdoor.Tests.Settings;

/// <summary>docs/limits.md has every limit with its default: those of the sections that are nothing but limits, and some more.</summary>
public sealed class LimitsPageTests
{
    private static readonly string[] Sections =
    [
        "StellarPay:Budgets:", "StellarPay:Costs:", "StellarPay:Limits:", "StellarPay:RateLimits:", "StellarPay:Passwords:",
        "StellarPay:Messages:Budgets:", "StellarPay:Merchants:", "StellarPay:MerchantFees:", "StellarPay:PaymentLinks:", "StellarPay:Invoices:",
        "StellarPay:TestClocks:", "StellarPay:Idempotency:",
    ];

    [Fact]
    public void Every_limit_is_on_the_page_with_its_default()
    {
        var onThePage = Rows().ToArray();
        var settings = AllSettings.List().Select(setting => (setting.Name, setting.Default)).ToArray();

        onThePage.Select(row => row.Name).ShouldBeUnique();
        onThePage.Except(settings).ShouldBeEmpty("docs/limits.md has these, and no options class has them so");
        settings.Where(setting => Sections.Any(section => setting.Name.StartsWith(section, StringComparison.Ordinal)))
            .Except(onThePage).ShouldBeEmpty("docs/limits.md lacks these, or has them otherwise");
    }

    private static IEnumerable<(string Name, string Default)> Rows() => File.ReadAllLines(Page())
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split(" | "))
        .Select(cells => (cells[0].Trim('`'), cells[1].Trim('`')));

    private static string Page([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/limits.md"));
}
