using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Stellar;
using StellarPay.Stellar.Sep7;
using SigningKey = StellarPay.Stellar.Keys.SigningKey;

namespace StellarPay.Frontdoor.Checkout;

/// <summary>
/// Signs requests to pay (SEP-7) for the pages' domain, so that a wallet can say from whom one comes: whoever puts another address into a
/// QR code has no signature for it. The key signs nothing else, has no account, and is derived where it is used, as the pages' other
/// secrets are. A domain there is at an https origin without a port; elsewhere nothing is signed.
/// </summary>
/// <param name="secret">What its key is derived from.</param>
/// <param name="options">Where the pages are.</param>
/// <param name="network">The network's passphrase.</param>
internal sealed class PaymentRequestSigner(byte[] secret, IOptions<CheckoutOptions> options, string network)
{
    /// <summary>Where wallets look for the key (SEP-1).</summary>
    public const string TomlPath = "/.well-known/stellar.toml";

    private readonly string? _domain = DomainOf(options.Value.Origin);

    /// <summary>A request as wallets read it: signed, where there is a domain.</summary>
    public string Write(PayRequest request)
    {
        if (_domain is null)
        {
            return request.ToString();
        }

        using var key = Open();
        return (request with { OriginDomain = _domain }).ToSignedString(key);
    }

    /// <summary>The domain's stellar.toml; null where there is no domain.</summary>
    public byte[]? Toml()
    {
        if (_domain is null)
        {
            return null;
        }

        using var key = Open();
        // What JSON escapes in a text TOML escapes alike.
        return Encoding.UTF8.GetBytes(
            $"VERSION = \"2.7.0\"\nNETWORK_PASSPHRASE = \"{JsonEncodedText.Encode(network)}\"\nURI_REQUEST_SIGNING_KEY = \"{key.AccountId}\"\n");
    }

    private SigningKey Open()
    {
        var seed = TokenSecret.DeriveKey(secret, "stellarpay/checkout/sep7/v1"u8);
        try
        {
            return SigningKey.FromSeed(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    private static string? DomainOf(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var url)
        && url is { Scheme: "https", IsDefaultPort: true, HostNameType: UriHostNameType.Dns } && url.IdnHost.Contains('.', StringComparison.Ordinal)
            ? url.IdnHost
            : null;
}
