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
}
