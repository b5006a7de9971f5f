namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>What a merchant wants to be paid.</summary>
/// <param name="Amount">The price as a whole number of the currency's minor unit: 1999 INR are 19.99. Not for assets.</param>
/// <param name="AmountDecimal">The price as a decimal string, such as 19.99; the only form for assets. One of the two.</param>
/// <param name="Currency">An ISO 4217 code, such as EUR, or an asset: XLM, USDC or CODE:ISSUER.</param>
/// <param name="Assets">In what it may be paid: XLM, USDC or CODE:ISSUER, at most 10. Left out, in USDC and XLM, or in the price's own asset.</param>
/// <param name="ExpiresIn">For how many seconds: 60 to 86400, 900 if left out. A price in an asset whose worth changes holds for 900 at most.</param>
/// <param name="AmountToleranceBps">By how many hundredths of a percent less it may be paid: 0 to 1000, 0 if left out.</param>
/// <param name="SuccessUrl">Where the payer is sent when it is paid: https; http for this machine alone, in test mode. Or null.</param>
/// <param name="CancelUrl">Where the payer is sent who gives up. Or null.</param>
/// <param name="CustomerEmail">The payer's e-mail address, as far as the merchant knows it. Or null.</param>
/// <param name="Description">What is sold, at most 500 characters. Or null.</param>
/// <param name="LineItems">What is sold, one by one, at most 100. Or null.</param>
/// <param name="Metadata">The merchant's own notes: at most 50 texts of 500 characters by names of 40. Or null.</param>
/// <param name="TestClock">The test clock by which it lives, <c>clock_…</c>. In test mode alone. Or null.</param>
/// <param name="OfferDedicatedAddress">
/// Whether its payer may ask for an address of its own, which needs no memo; false if left out. Not with a test clock.
/// </param>
internal sealed record NewPaymentSessionRequest(
    long? Amount,
    string? AmountDecimal,
    string? Currency,
    string[]? Assets,
    int? ExpiresIn,
    int? AmountToleranceBps,
    string? SuccessUrl,
    string? CancelUrl,
    string? CustomerEmail,
    string? Description,
    LineItemRequest[]? LineItems,
    Dictionary<string, string>? Metadata,
    string? TestClock = null,
    bool? OfferDedicatedAddress = null);

/// <summary>One of the things that are sold.</summary>
/// <param name="Name">What it is, 1 to 250 characters.</param>
/// <param name="Quantity">How many, 1 to 1000000; 1 if left out.</param>
/// <param name="Amount">What one costs, as a decimal string. Or null.</param>
internal sealed record LineItemRequest(string? Name, int? Quantity, string? Amount);

/// <summary>Why a session is ended.</summary>
/// <param name="Reason">Of the merchant's own, at most 200 characters. Or null.</param>
internal sealed record CancelPaymentSessionRequest(string? Reason);

/// <summary>What came too late and is to pay all the same, or what is held beyond the price and is to be the business's.</summary>
/// <param name="Payment">
/// The <c>operation_id</c> of one of the session's <c>payments</c> whose <c>verdict</c> is <c>late</c>: a new session is made, paid by it,
/// and answered. Or <c>overpaid</c>, where what is beyond the price is held: it is the business's then, without a fee, and the session is
/// answered.
/// </param>
internal sealed record AcceptPaymentRequest(string? Payment);

/// <summary>A transaction that somebody says paid a session.</summary>
/// <param name="TxHash">Its hash: 64 hexadecimal digits.</param>
internal sealed record VerifyPaymentSessionRequest(string? TxHash);
