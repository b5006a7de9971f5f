using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.PaymentLinks;

/// <summary>Who holds pieces of a link: a keyed hash of his address, another one for each link.</summary>
internal sealed class LinkHolders(byte[] secret)
{
    private const int Bytes = 16;

    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay/payment-links/holders/v1"u8);

    public string Of(HttpContext context, PaymentLinkId link) => Convert.ToHexStringLower(
        HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes($"{link.Value} {ClientAddress.Of(context)}")).AsSpan(0, Bytes));
}
