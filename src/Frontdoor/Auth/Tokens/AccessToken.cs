using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>What a token says whose signature was right. Small, since many are remembered; the text is not kept.</summary>
/// <param name="keyId">The key that it was checked with; it must still be accepted when the token comes again.</param>
/// <param name="user">Whose it is.</param>
/// <param name="claims">The rest of what it says.</param>
/// <param name="role">What the user may be.</param>
internal sealed class AccessToken(string keyId, UserId user, AccessTokenClaims claims, string role) : SecurityToken
{
    public string KeyId { get; } = keyId;

    public UserId User { get; } = user;

    public override string Id { get; } = claims.Jti;

    public override string Issuer { get; } = claims.Iss;

    public DateTimeOffset IssuedAt { get; } = DateTimeOffset.FromUnixTimeSeconds(claims.Iat);

    public DateTimeOffset NotBefore { get; } = DateTimeOffset.FromUnixTimeSeconds(claims.Nbf);

    public DateTimeOffset ExpiresAt { get; } = DateTimeOffset.FromUnixTimeSeconds(claims.Exp);

    public override DateTime ValidFrom => NotBefore.UtcDateTime;

    public override DateTime ValidTo => ExpiresAt.UtcDateTime;

    // Found by the key's id, and not handed on.
    public override SecurityKey? SecurityKey => null;

    public override SecurityKey? SigningKey { get; set; }

    /// <summary>The caller, as requests see him. One for all requests with this token; nobody changes it.</summary>
    public ClaimsIdentity Identity { get; } = Caller.Of(user, role, claims.Sid, DateTimeOffset.FromUnixTimeSeconds(claims.Exp));
}

/// <summary>A signed token and when it ends.</summary>
internal sealed record IssuedAccessToken(string Text, DateTimeOffset ExpiresAt);
