namespace StellarPay.Frontdoor.Payments;

/// <summary>What a payer asks for.</summary>
/// <param name="Recipient">An e-mail address, a phone number in E.164, or an address on the network (G…).</param>
/// <param name="Asset">XLM, USDC, or any asset of the wallet as CODE:ISSUER.</param>
/// <param name="Amount">A decimal string above zero with at most seven places.</param>
/// <param name="Memo">A text of at most 28 bytes in UTF-8, or null.</param>
/// <param name="Confirm">Whether to confirm the quote at once.</param>
internal sealed record PaymentRequest(string? Recipient, string? Asset, string? Amount, string? Memo, bool? Confirm);
