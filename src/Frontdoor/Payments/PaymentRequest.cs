namespace StellarPay.Frontdoor.Payments;

/// <summary>What a payer asks for.</summary>
/// <param name="Recipient">
/// An e-mail address, a phone number in E.164, an @handle, an address on the network (G… or M…), a federated address
/// (name*domain), a payment session (pay_…), or a contact by id or nickname.
/// </param>
/// <param name="Asset">
/// What the recipient gets: XLM, USDC, or any asset of the wallet as CODE:ISSUER; with source_asset any at all. For a payment session it is
/// one that the session takes: the first of these if left out, until something has come for it in another; from then on it must be named
/// (400 parameter_missing).
/// </param>
/// <param name="Amount">
/// Exactly what the recipient gets, a decimal string above zero with at most seven places. For a payment session it is what is left to pay
/// if left out.
/// </param>
/// <param name="Memo">As memo_type says: text of at most 28 bytes in UTF-8, a number of 64 bits, or 32 bytes in base64; or null.</param>
/// <param name="Confirm">Whether to confirm the quote at once.</param>
/// <param name="SourceAsset">What the payer spends, where that is another asset; null for the same.</param>
/// <param name="SourceAmount">Exactly what the payer spends of it, instead of amount.</param>
/// <param name="MaxSlippageBps">How much worse the price may become until it is paid, 0 to 1000 hundredths of a percent; 100 if left out.</param>
/// <param name="MemoType">text (the default), id or hash.</param>
/// <param name="Claimable">Whether a recipient who cannot receive it yet may get it as a claimable balance.</param>
/// <param name="ReclaimAfterDays">After how many days, 1 to 365, the payer can have that back; 30 if left out.</param>
internal sealed record PaymentRequest(
    string? Recipient,
    string? Asset,
    string? Amount,
    string? Memo,
    bool? Confirm,
    string? SourceAsset,
    string? SourceAmount,
    int? MaxSlippageBps,
    string? MemoType,
    bool? Claimable,
    int? ReclaimAfterDays);
