using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.PaymentLinks;

/// <summary>Who holds pieces of a link.</summary>
/// <param name="Address">A keyed hash of his address.</param>
/// <param name="Network">The same of the network around it, of which who has many addresses has all.</param>
internal sealed record LinkHolder(string Address, string Network);

/// <summary>Who holds pieces of a link: keyed hashes, of an address others for each link, of a network others for each merchant.</summary>
internal sealed class LinkHolders(byte[] secret)
{
    private const int Bytes = 16;

    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay/payment-links/holders/v1"u8);

    public LinkHolder Of(HttpContext context, PaymentLink link)
    {
        var address = ClientAddress.Of(context);
        return new LinkHolder(Hash($"{link.Id.Value} {address}"), Hash($"{link.Merchant.Value} network {address.WideRange}"));
    }

    private string Hash(string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(text)).AsSpan(0, Bytes));
}
