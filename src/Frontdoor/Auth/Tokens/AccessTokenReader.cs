using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>
/// Accepts access tokens that we signed for ourselves and that hold now, and nothing else (RFC 8725): the algorithm is
/// pinned, the key comes from our ring by its id, and no claim is looked at before the signature holds.
/// </summary>
internal sealed class AccessTokenReader(
    SigningKeyRing ring,
    VerifiedTokens verified,
    IOptions<AuthOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>How far the clocks of two front doors may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    public async ValueTask<(AccessToken? Token, AccessTokenFault Fault)> ReadAsync(string text, CancellationToken cancellationToken)
    {
        if (VerifiedTokens.Digest.Of(text) is not { } digest)
        {
            return (null, AccessTokenFault.Invalid);
        }

        if (verified.Find(digest) is { } known && await ring.FindAsync(known.KeyId, cancellationToken) is not null)
        {
            return CheckTimes(known);
        }

        var checkedNow = await VerifyAsync(text, cancellationToken);
        if (checkedNow is null)
        {
            return (null, AccessTokenFault.Invalid);
        }

        var answer = CheckTimes(checkedNow);
        if (answer.Token is not null)
        {
            verified.Add(digest, checkedNow);
        }

        return answer;
    }

    private async Task<Verified?> VerifyAsync(string text, CancellationToken cancellationToken)
    {
        var parts = text.Length <= AccessTokenFormat.MaxLength ? text.Split('.', 4) : [];
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } payload
            || Decode(parts[2]) is not { } signature || KeyIdOf(header) is not { } keyId)
        {
            return null;
        }

        var key = await ring.FindAsync(keyId, cancellationToken);
        var signed = Encoding.ASCII.GetBytes(text, 0, parts[0].Length + 1 + parts[1].Length);
        return key is not null
            && key.Rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                ? ReadClaims(keyId, payload)
                : null;
    }

    private Verified? ReadClaims(string keyId, byte[] payload)
    {
        using var claims = Parse(payload);
        if (claims is null
            || TextOf(claims, "iss") != options.Value.Issuer
            || TextOf(claims, "aud") != options.Value.Audience
            || !UserId.TryParse(TextOf(claims, "sub"), out var user)
            || TextOf(claims, "sid") is not { Length: > 0 } session
            || TextOf(claims, "jti") is not { Length: > 0 } id
            || TimeOf(claims, "iat") is not { } issuedAt
            || TimeOf(claims, "nbf") is not { } notBefore
            || TimeOf(claims, "exp") is not { } expiresAt)
        {
            return null;
        }

        var role = TextOf(claims, "role") ?? Roles.User;
        return new Verified(keyId, notBefore, new AccessToken(user, role, session, id, issuedAt, expiresAt));
    }

    private (AccessToken? Token, AccessTokenFault Fault) CheckTimes(Verified known)
    {
        var now = time.GetUtcNow();
        var token = known.Token;
        if (known.NotBefore - ClockSkew > now || token.IssuedAt - ClockSkew > now)
        {
            return (null, AccessTokenFault.Invalid);
        }

        return token.ExpiresAt + ClockSkew <= now ? (null, AccessTokenFault.Expired) : (token, AccessTokenFault.None);
    }

    private static string? KeyIdOf(byte[] header)
    {
        using var fields = Parse(header);
        return fields is not null
            && TextOf(fields, "alg") == AccessTokenFormat.Algorithm
            && TextOf(fields, "typ") == AccessTokenFormat.Type
            && !fields.RootElement.TryGetProperty("crit", out _)
            ? TextOf(fields, "kid")
            : null;
    }

    private static byte[]? Decode(string part) =>
        part.Length > 0 && part.Length % 4 != 1 && !part.AsSpan().ContainsAnyExcept(Alphabet)
            && Base64Url.IsValid(part)
            ? Base64Url.DecodeFromChars(part)
            : null;

    private static JsonDocument? Parse(byte[] json)
    {
        try
        {
            var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // Not JSON: not a token.
        }

        return null;
    }

    private static string? TextOf(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static DateTimeOffset? TimeOf(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var seconds) && seconds is >= 0 and <= MaxUnixSeconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    // The year 9000, so that adding the skew cannot overflow.
    private const long MaxUnixSeconds = 221_845_392_000;
}
