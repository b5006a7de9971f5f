using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Tokens;

namespace StellarPay.Frontdoor.Invitations;

/// <summary>
/// How names that nobody has confirmed are kept where money waits for them: as HMACs, so that whoever reads the database alone does not
/// learn who was invited, and whoever confirms a name is found.
/// </summary>
internal sealed class InvitedNames(byte[] secret)
{
    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay/invited names/v1"u8);

    /// <summary>The digest of a name, as names are compared.</summary>
    public byte[] DigestOf(ContactKind kind, string key) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{Contact.NameOf(kind)}\0{key}"));

    /// <summary>What a caller's request says of the recipient and for himself: the same twice for a repeat.</summary>
    public string FingerprintOf(string recipient, string? note) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"request\0{recipient}\0{note}")));
}
