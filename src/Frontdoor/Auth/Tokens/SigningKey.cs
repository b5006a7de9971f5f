using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>A key that signs access tokens for a while, and is accepted until the last of them has ended.</summary>
internal sealed record SigningKey(
    string Id, RSA Rsa, DateTimeOffset SignsFrom, DateTimeOffset SignsUntil, DateTimeOffset AcceptsUntil)
{
    public const int Bits = 2048;

    /// <summary>The key as the JWT library takes it.</summary>
    public RsaSecurityKey Security { get; } = new(Rsa) { KeyId = Id };

    public bool SignsAt(DateTimeOffset now) => SignsFrom <= now && now < SignsUntil;

    public bool IsAcceptedAt(DateTimeOffset now) => now < AcceptsUntil;
}
