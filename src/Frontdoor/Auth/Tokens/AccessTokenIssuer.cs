using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>Signs access tokens: JWTs under RS256 (RFC 7519, RFC 7515; the header's type is RFC 9068's).</summary>
internal sealed class AccessTokenIssuer(
    SigningKeyRing ring,
    IOptions<AuthOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    private const int IdBytes = 16;

    // Its own times would be the machine's and not the business's.
    private readonly JsonWebTokenHandler _library = new() { SetDefaultTimesOnTokenCreation = false };

    public async Task<IssuedAccessToken> IssueAsync(
        UserId user, string role, string sessionId, CancellationToken cancellationToken)
    {
        var key = await ring.GetSigningKeyAsync(cancellationToken);
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var expiresAt = issuedAt + options.Value.AccessTokenLifetime;
        var text = _library.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = AccessTokenFormat.Type,
            SigningCredentials = new SigningCredentials(key.Security, AccessTokenFormat.Algorithm),
            Issuer = options.Value.Issuer,
            Audience = options.Value.Audience,
            IssuedAt = issuedAt.UtcDateTime,
            NotBefore = issuedAt.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = user.Value,
                ["role"] = role,
                ["sid"] = sessionId,
                ["jti"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes)),
            },
        });
        return new IssuedAccessToken(text, expiresAt);
    }
}
