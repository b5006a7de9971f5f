using System.ComponentModel.DataAnnotations;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>Merchants' invoices. Section <c>StellarPay:Invoices</c>.</summary>
internal sealed class InvoiceOptions
{
    public const string Section = "StellarPay:Invoices";

    /// <summary>How many of a merchant may be drafts or open.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:Invoices:UnpaidPerMerchant must be from 1 to 1000000.")]
    public int UnpaidPerMerchant { get; set; } = 10_000;

    /// <summary>How many a merchant makes in a day.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:Invoices:PerMerchantADay must be from 1 to 1000000.")]
    public int PerMerchantADay { get; set; } = 2_000;

    /// <summary>How many sessions those who have its link open for one in a day, one after the other.</summary>
    [Range(1, 10_000, ErrorMessage = "StellarPay:Invoices:SessionsPerInvoiceADay must be from 1 to 10000.")]
    public int SessionsPerInvoiceADay { get; set; } = 100;

    /// <summary>How often one is mailed in all.</summary>
    [Range(1, 1_000, ErrorMessage = "StellarPay:Invoices:MailsPerInvoice must be from 1 to 1000.")]
    public int MailsPerInvoice { get; set; } = 10;
}
