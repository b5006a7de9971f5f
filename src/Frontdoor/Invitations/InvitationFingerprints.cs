using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Auth.Tokens;

namespace StellarPay.Frontdoor.Invitations;

/// <summary>
/// What a wallet remembers of whom a request names, and of the sender's note, so that it knows a repeat: an HMAC under a key that neither
/// silos nor the database have.
/// </summary>
internal sealed class InvitationFingerprints(byte[] secret)
{
    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay/invited names/v1"u8);

    /// <summary>The same twice for a repeat.</summary>
    public string Of(string recipient, string? note) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"request\0{recipient}\0{note}")));
}
