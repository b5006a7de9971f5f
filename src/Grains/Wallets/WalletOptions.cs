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

    /// <summary>
    /// How many hours a confirmed payment waits for a recipient here whose account is still being opened, before it is given up.
    /// </summary>
    [Range(1, 720, ErrorMessage = "StellarPay:Wallets:OpeningWaitHours must be 1 to 720.")]
    public int OpeningWaitHours { get; set; } = 72;

    /// <summary>After how many seconds something under way is looked at again, should the process that did it be gone.</summary>
    [Range(1, 300, ErrorMessage = "StellarPay:Wallets:ResumeSeconds must be 1 to 300.")]
    public int ResumeSeconds { get; set; } = 5;

    /// <summary>After how many seconds without a ledger that takes it a payment's transaction gets a higher fee.</summary>
    [Range(5, 600, ErrorMessage = "StellarPay:Wallets:BumpAfterSeconds must be 5 to 600.")]
    public int BumpAfterSeconds { get; set; } = 15;

    /// <summary>
    /// The least of an asset that is set aside as a claimable balance, or claimed by a wallet itself, in units of the asset,
    /// as a decimal string: against dust that costs more than it is worth.
    /// </summary>
    [Required(ErrorMessage = "StellarPay:Wallets:MinimumClaim is missing: a decimal string such as 0.01.")]
    [RegularExpression(@"[0-9]{1,11}(\.[0-9]{1,7})?", ErrorMessage = "StellarPay:Wallets:MinimumClaim must be a decimal string such as 0.01.")]
    public string MinimumClaim { get; set; } = "0.01";
}
