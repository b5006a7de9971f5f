using StellarPay.Frontdoor.PaymentSessions;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>An invoice to be; or what of a draft is to be another, where what is left out or null stays.</summary>
/// <param name="CustomerEmail">Where it is sent. Or null; of a draft, an empty text takes it away.</param>
/// <param name="CustomerName">Whom it is for, at most 200 characters. Or null, as above.</param>
/// <param name="LineItems">What it is for, one by one, at most 100; where each has an amount, the sum is theirs. Or null.</param>
/// <param name="Amount">The sum as a whole number of the currency's minor unit. Not for assets.</param>
/// <param name="AmountDecimal">The same as a decimal string; the only form for assets. One of the two, or neither where the items say it.</param>
/// <param name="Currency">An ISO 4217 code, such as EUR, or an asset: XLM, USDC or CODE:ISSUER.</param>
/// <param name="Assets">In what it may be paid, as of a payment session.</param>
/// <param name="DueDate">Until when it is to be paid, in seconds of Unix time: to come, within 5 years. Or null.</param>
/// <param name="DaysUntilDue">The same as days from its finalization: 0 to 730. One of the two; 30 days if both are left out.</param>
/// <param name="Description">What it is for, at most 500 characters. Or null, as above.</param>
/// <param name="Footer">What stands at its foot, at most 1000 characters. Or null, as above.</param>
/// <param name="Metadata">The merchant's own notes: at most 49 texts of 500 characters by names of 40, none of them invoice. Or null.</param>
/// <param name="OfferDedicatedAddress">
/// Whether its payer may ask for an address of its own, which needs no memo, as from an exchange that can send none; false if left out.
/// </param>
internal sealed record InvoiceRequest(
    string? CustomerEmail,
    string? CustomerName,
    LineItemRequest[]? LineItems,
    long? Amount,
    string? AmountDecimal,
    string? Currency,
    string[]? Assets,
    long? DueDate,
    int? DaysUntilDue,
    string? Description,
    string? Footer,
    Dictionary<string, string>? Metadata,
    bool? OfferDedicatedAddress = null);
