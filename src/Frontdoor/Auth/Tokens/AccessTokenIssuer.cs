using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
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

    public async Task<IssuedAccessToken> IssueAsync(
        UserId user, string role, string sessionId, CancellationToken cancellationToken)
    {
        var key = await ring.GetSigningKeyAsync(cancellationToken);
        var issuedAt = time.GetUtcNow().ToUnixTimeSeconds();
        var expiresAt = issuedAt + (long)options.Value.AccessTokenLifetime.TotalSeconds;
        var header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["alg"] = AccessTokenFormat.Algorithm,
            ["typ"] = AccessTokenFormat.Type,
            ["kid"] = key.Id,
        });
        var payload = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["iss"] = options.Value.Issuer,
            ["aud"] = options.Value.Audience,
            ["sub"] = user.Value,
            ["role"] = role,
            ["sid"] = sessionId,
            ["jti"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes)),
            ["iat"] = issuedAt,
            ["nbf"] = issuedAt,
            ["exp"] = expiresAt,
        });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        var signature = key.Rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return new IssuedAccessToken(
            $"{signed}.{Base64Url.EncodeToString(signature)}", DateTimeOffset.FromUnixTimeSeconds(expiresAt));
    }
}
