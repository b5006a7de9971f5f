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
/// Signs requests to pay (SEP-7) for the pages' domain, so that a wallet can say from where one comes: whoever has no business here has no
/// signature for an address of his. Which business it is the message says, which is signed too. The key signs nothing else, has no account,
/// and is derived as the pages' other secrets are. A domain there is at an https origin without a port; elsewhere nothing is signed.
/// </summary>
/// <param name="secret">What its key is derived from.</param>
/// <param name="options">Where the pages are.</param>
/// <param name="network">The network's passphrase.</param>
internal sealed class PaymentRequestSigner(byte[] secret, IOptions<CheckoutOptions> options, string network) : IDisposable
{
    /// <summary>Where wallets look for the key (SEP-1).</summary>
    public const string TomlPath = "/.well-known/stellar.toml";

    private readonly string? _domain = DomainOf(options.Value.Origin);
    private readonly Lazy<SigningKey> _key = new(() => Open(secret));

    /// <summary>A request as wallets read it: signed, where there is a domain.</summary>
    /// <param name="request">The request.</param>
    /// <param name="payee">What the business is called that is paid.</param>
    public string Write(PayRequest request, string payee) => _domain is null
        ? request.ToString()
        : (request with { OriginDomain = _domain, Message = payee }).ToSignedString(_key.Value);

    /// <summary>The domain's stellar.toml; null where there is no domain.</summary>
    // What JSON escapes in a text TOML escapes alike.
    public byte[]? Toml() => _domain is null ? null : Encoding.UTF8.GetBytes(
        $"VERSION = \"2.7.0\"\nNETWORK_PASSPHRASE = \"{JsonEncodedText.Encode(network)}\"\n"
        + $"URI_REQUEST_SIGNING_KEY = \"{_key.Value.AccountId}\"\n");

    public void Dispose()
    {
        if (_key.IsValueCreated)
        {
            _key.Value.Dispose();
        }
    }

    private static SigningKey Open(byte[] secret)
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
        Uri.TryCreate(origin, UriKind.Absolute, out var url) && url is { Scheme: "https", IsDefaultPort: true }
        && StellarUri.IsOriginDomain(url.IdnHost)
            ? url.IdnHost
            : null;
}
