namespace StellarPay.Frontdoor.Refunds;

/// <summary>What is to be given back.</summary>
/// <param name="PaymentSession">Of which payment session.</param>
/// <param name="Payment">
/// The <c>operation_id</c> of the payment whose excess is to go back: what came too late, in another asset, beyond the price, or for a
/// session that ended unpaid. Left out, what counted towards the price goes back.
/// </param>
/// <param name="Amount">
/// How much, in the minor unit of the price's currency; of an asset in stroops, ten-millionths of a unit. Left out, all that is left.
/// </param>
/// <param name="AmountDecimal">The same as a decimal string. One of the two at most.</param>
/// <param name="Reason">duplicate, fraudulent or requested_by_customer. Or null.</param>
/// <param name="Metadata">The merchant's own notes: at most 50 texts of 500 characters by names of 40. Or null.</param>
internal sealed record NewRefundRequest(
    string? PaymentSession,
    string? Payment,
    long? Amount,
    string? AmountDecimal,
    string? Reason,
    Dictionary<string, string>? Metadata);
