using System.ComponentModel.DataAnnotations;

namespace StellarPay.Frontdoor.PaymentLinks;

/// <summary>Merchants' payment links. Section <c>StellarPay:PaymentLinks</c>.</summary>
internal sealed class PaymentLinkOptions
{
    public const string Section = "StellarPay:PaymentLinks";

    /// <summary>How many links a merchant may have, those that are inactive among them.</summary>
    [Range(1, 100_000, ErrorMessage = "StellarPay:PaymentLinks:LinksPerMerchant must be from 1 to 100000.")]
    public int LinksPerMerchant { get; set; } = 1000;

    /// <summary>How many pieces of one link one IP address may hold unpaid.</summary>
    [Range(1, 10_000, ErrorMessage = "StellarPay:PaymentLinks:UnpaidPiecesPerAddress must be from 1 to 10000.")]
    public int UnpaidPiecesPerAddress { get; set; } = 5;

    /// <summary>
    /// How many unpaid sessions of one link, with a stock or without, may come from one network: an IPv4 /24 or an IPv6 /48. Of a stock a
    /// tenth at most, too.
    /// </summary>
    [Range(1, 100_000, ErrorMessage = "StellarPay:PaymentLinks:UnpaidSessionsPerNetwork must be from 1 to 100000.")]
    public int UnpaidSessionsPerNetwork { get; set; } = 50;

    /// <summary>How many unpaid sessions one link may have.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:PaymentLinks:UnpaidSessionsPerLink must be from 1 to 1000000.")]
    public int UnpaidSessionsPerLink { get; set; } = 2_000;

    /// <summary>
    /// How many unpaid sessions all links of one merchant may have where his tier is 0; of tier 1 twice as many, of 2 and 3 three and four
    /// times.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:PaymentLinks:UnpaidSessionsPerMerchant must be from 1 to 1000000.")]
    public int UnpaidSessionsPerMerchant { get; set; } = 5_000;

    /// <summary>How long a piece of a stock is held for who has begun to pay, in seconds.</summary>
    [Range(60, 86_400, ErrorMessage = "StellarPay:PaymentLinks:HoldSeconds must be from 60 to 86400.")]
    public int HoldSeconds { get; set; } = 300;

    public int UnpaidSessionsOf(int tier) => UnpaidSessionsPerMerchant * (tier + 1);
}
