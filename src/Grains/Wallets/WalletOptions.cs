using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.Wallets;

/// <summary>What wallets allow.</summary>
public sealed class WalletOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Wallets";

    /// <summary>The most that one payment may move, in units of its asset, as a decimal string.</summary>
    [Required(ErrorMessage = "StellarPay:Wallets:PaymentLimit is missing: a decimal string such as 10000.")]
    [RegularExpression(DecimalAmount, ErrorMessage = "StellarPay:Wallets:PaymentLimit must be a decimal string such as 10000.")]
    public string PaymentLimit { get; set; } = "10000";

    /// <summary>The most that payments may move in any 24 hours, in units of the asset, as a decimal string.</summary>
    [Required(ErrorMessage = "StellarPay:Wallets:DailyLimit is missing: a decimal string such as 25000.")]
    [RegularExpression(DecimalAmount, ErrorMessage = "StellarPay:Wallets:DailyLimit must be a decimal string such as 25000.")]
    public string DailyLimit { get; set; } = "25000";

    /// <summary>How long a quote may be confirmed, in seconds.</summary>
    [Range(10, 86_400, ErrorMessage = "StellarPay:Wallets:QuoteSeconds must be 10 to 86400.")]
    public int QuoteSeconds { get; set; } = 600;

    /// <summary>After how many seconds something under way is looked at again, should the process that did it be gone.</summary>
    [Range(1, 300, ErrorMessage = "StellarPay:Wallets:ResumeSeconds must be 1 to 300.")]
    public int ResumeSeconds { get; set; } = 5;

    private const string DecimalAmount = @"[0-9]{1,11}(\.[0-9]{1,7})?";
}
