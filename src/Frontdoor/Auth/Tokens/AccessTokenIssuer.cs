using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using StellarPay.Frontdoor.Auth.Sessions;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>Signs access tokens: JWTs under RS256 (RFC 7519, RFC 7515; the header's type is RFC 9068's).</summary>
internal sealed class AccessTokenIssuer(
    SigningKeyRing ring,
    IOptions<AuthOptions> options)
{
    // Its own times would be the machine's and not the business's.
    private readonly JsonWebTokenHandler _library = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Signs one. The same twice is the same token, where key and role are the same.</summary>
    public async Task<IssuedAccessToken> IssueAsync(OpenSession session, string role, CancellationToken cancellationToken)
    {
        var key = await ring.GetSigningKeyAsync(cancellationToken);
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(session.IssuedAt.ToUnixTimeSeconds());
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
                ["sub"] = session.User.Value,
                ["role"] = role,
                ["sid"] = session.Id,
                ["jti"] = session.Token.AccessId,
            },
        });
        return new IssuedAccessToken(text, expiresAt);
    }
}
