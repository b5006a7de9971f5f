using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout;

/// <summary>
/// The secrets of payment sessions and invoices, each derived from its id (HMAC under a key that neither silos nor the database have), so
/// that none is stored. A session's id alone is no secret: it is the memo, and on the ledger for ever. Whoever may pay may not claim what
/// is paid back, so there are two.
/// </summary>
internal sealed class CheckoutSecrets(byte[] secret)
{
    // 192 bits: 32 characters without padding.
    private const int Bytes = 24;

    private readonly byte[] _pay = TokenSecret.DeriveKey(secret, "stellarpay/checkout/pay/v1"u8);
    private readonly byte[] _invoice = TokenSecret.DeriveKey(secret, "stellarpay/checkout/invoice/v1"u8);
    private readonly byte[] _refund = TokenSecret.DeriveKey(secret, "stellarpay/checkout/refund/v1"u8);

    /// <summary>What <c>checkout_url</c> carries: whoever has it sees all of the page and may pay.</summary>
    public string PayKeyOf(PaymentSessionId session) => Of(_pay, session.Value);

    public bool IsPayKey(PaymentSessionId session, string key) => Is(_pay, session.Value, key);

    /// <summary>What the link to claim a refund carries.</summary>
    public string RefundKeyOf(PaymentSessionId session) => Of(_refund, session.Value);

    /// <summary>The same of what one account paid alone: who paid a little has not all of it.</summary>
    public string RefundKeyOf(PaymentSessionId session, string payer) => Of(_refund, OfPayer(session, payer));

    /// <summary>Whether it is the key to what came for a session; to all of it where no payer is named.</summary>
    public bool IsRefundKey(PaymentSessionId session, string? payer, string key) =>
        Is(_refund, payer is null ? session.Value : OfPayer(session, payer), key);

    /// <summary>What an invoice's URL carries: whoever has it sees the invoice and may pay it.</summary>
    public string InvoiceKeyOf(InvoiceId invoice) => Of(_invoice, invoice.Value);

    public bool IsInvoiceKey(InvoiceId invoice, string key) => Is(_invoice, invoice.Value, key);

    // No session's id has the stroke.
    private static string OfPayer(PaymentSessionId session, string payer) => $"{session.Value}/{payer}";

    private static string Of(byte[] use, string id) =>
        Convert.ToBase64String(HMACSHA256.HashData(use, Encoding.UTF8.GetBytes(id)).AsSpan(0, Bytes))
            .Replace('+', '-').Replace('/', '_');

    private static bool Is(byte[] use, string id, string key) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(use, id)), Encoding.UTF8.GetBytes(key));
}
