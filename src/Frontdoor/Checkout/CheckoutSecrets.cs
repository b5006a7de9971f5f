using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout;

/// <summary>
/// The secrets of a payment session, each derived from its id (HMAC under a key that neither silos nor the database have), so that none is
/// stored. The id alone is no secret: it is the memo, and on the ledger for ever. Whoever may pay may not claim what is paid back, so
/// there are two.
/// </summary>
internal sealed class CheckoutSecrets(byte[] secret)
{
    // 192 bits: 32 characters without padding.
    private const int Bytes = 24;

    private readonly byte[] _pay = TokenSecret.DeriveKey(secret, "stellarpay/checkout/pay/v1"u8);
    private readonly byte[] _refund = TokenSecret.DeriveKey(secret, "stellarpay/checkout/refund/v1"u8);

    /// <summary>What <c>checkout_url</c> carries: whoever has it sees all of the page and may pay.</summary>
    public string PayKeyOf(PaymentSessionId session) => Of(_pay, session);

    public bool IsPayKey(PaymentSessionId session, string key) => Is(_pay, session, key);

    /// <summary>What the link to claim a refund carries.</summary>
    public string RefundKeyOf(PaymentSessionId session) => Of(_refund, session);

    public bool IsRefundKey(PaymentSessionId session, string key) => Is(_refund, session, key);

    private static string Of(byte[] use, PaymentSessionId session) =>
        Convert.ToBase64String(HMACSHA256.HashData(use, Encoding.ASCII.GetBytes(session.Value)).AsSpan(0, Bytes))
            .Replace('+', '-').Replace('/', '_');

    private static bool Is(byte[] use, PaymentSessionId session, string key) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(use, session)), Encoding.UTF8.GetBytes(key));
}
