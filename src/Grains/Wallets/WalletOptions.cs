using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.Wallets;

/// <summary>What wallets allow.</summary>
public sealed class WalletOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Wallets";

    /// <summary>How long a quote may be confirmed, in seconds.</summary>
    [Range(10, 86_400, ErrorMessage = "StellarPay:Wallets:QuoteSeconds must be 10 to 86400.")]
    public int QuoteSeconds { get; set; } = 600;

    /// <summary>After how many seconds something under way is looked at again, should the process that did it be gone.</summary>
    [Range(1, 300, ErrorMessage = "StellarPay:Wallets:ResumeSeconds must be 1 to 300.")]
    public int ResumeSeconds { get; set; } = 5;

    /// <summary>After how many seconds without a ledger that takes it a payment's transaction gets a higher fee.</summary>
    [Range(5, 600, ErrorMessage = "StellarPay:Wallets:BumpAfterSeconds must be 5 to 600.")]
    public int BumpAfterSeconds { get; set; } = 15;
}
