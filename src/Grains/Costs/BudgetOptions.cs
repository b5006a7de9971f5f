using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.Costs;

/// <summary>What the platform locks and spends of its own XLM in a day (UTC), and for whom.</summary>
public sealed class BudgetOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Budgets";

    /// <summary>The reserves of accounts that are opened in a day, of all together, in XLM. Each sponsor holds its share.</summary>
    [Range(1, 100_000_000, ErrorMessage = "StellarPay:Budgets:OpeningXlmPerDay must be 1 to 100000000.")]
    public int OpeningXlmPerDay { get; set; } = 3_000;

    /// <summary>How many accounts are opened in a day for people of one IPv4 network of 24 bits, or one IPv6 network of 64.</summary>
    [Range(1, 10_000_000, ErrorMessage = "StellarPay:Budgets:OpeningsPerRange must be 1 to 10000000.")]
    public int OpeningsPerRange { get; set; } = 64;

    /// <summary>How much of a day's openings people of one mail domain may use, in percent; not those of a large provider.</summary>
    [Range(1, 100, ErrorMessage = "StellarPay:Budgets:DomainPercent must be 1 to 100.")]
    public int DomainPercent { get; set; } = 25;

    /// <summary>How much of a day's openings is kept for people whom somebody invited, in percent.</summary>
    [Range(0, 90, ErrorMessage = "StellarPay:Budgets:InvitedPercent must be 0 to 90.")]
    public int InvitedPercent { get; set; } = 20;

    /// <summary>How much of a day's openings accounts may use that were open before and closed, in percent.</summary>
    [Range(1, 100, ErrorMessage = "StellarPay:Budgets:ReopenedPercent must be 1 to 100.")]
    public int ReopenedPercent { get; set; } = 10;

    /// <summary>How much of a day's openings payment sessions may use that ask for an account of their own, in percent.</summary>
    [Range(1, 100, ErrorMessage = "StellarPay:Budgets:DedicatedPercent must be 1 to 100.")]
    public int DedicatedPercent { get; set; } = 20;

    /// <summary>How many claimable balances a user may set aside in a day.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:Budgets:ClaimablesPerUser must be 1 to 1000000.")]
    public int ClaimablesPerUser { get; set; } = 40;

    /// <summary>How often a user may have his key replaced in a day; an administrator may at any time.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:Budgets:KeyChangesPerUser must be 1 to 1000000.")]
    public int KeyChangesPerUser { get; set; } = 10;

    /// <summary>How often a user may have friendbot asked in a day, where there is one.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:Budgets:FriendbotPerUser must be 1 to 1000000.")]
    public int FriendbotPerUser { get; set; } = 20;

    /// <summary>What the treasury sends the platform's other accounts in a day, in XLM.</summary>
    [Range(10, 100_000_000, ErrorMessage = "StellarPay:Budgets:TreasuryXlmPerDay must be 10 to 100000000.")]
    public int TreasuryXlmPerDay { get; set; } = 20_000;
}
