using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>
/// Accepts access tokens that we signed for ourselves and that hold now, and nothing else (RFC 8725). The library checks
/// algorithm, type, signature, issuer and audience, once for each token; whether the key is still accepted and the time has
/// come or gone is looked at each time.
/// </summary>
internal sealed class AccessTokenHandler(
    SigningKeyRing ring,
    VerifiedTokens verified,
    IOptions<AuthOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time) : TokenHandler
{
    /// <summary>How far the clocks of two front doors may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler _library = new() { MaximumTokenSizeInBytes = AccessTokenFormat.MaxLength };

    /// <summary>Reads a token.</summary>
    /// <param name="token">Its text.</param>
    /// <param name="validationParameters">Not looked at: what we accept no configuration can widen.</param>
    public override async Task<TokenValidationResult> ValidateTokenAsync(
        string token, TokenValidationParameters validationParameters)
    {
        if (VerifiedTokens.Digest.Of(token) is not { } digest)
        {
            return Refused(new SecurityTokenValidationException());
        }

        if (verified.Find(digest) is { } known && await ring.FindAsync(known.KeyId, CancellationToken.None) is not null)
        {
            return CheckTimes(known);
        }

        if (await VerifyAsync(token) is not { } checkedNow)
        {
            return Refused(new SecurityTokenValidationException());
        }

        var answer = CheckTimes(checkedNow);
        if (answer.IsValid)
        {
            verified.Add(digest, checkedNow);
        }

        return answer;
    }

    private async Task<AccessToken?> VerifyAsync(string text)
    {
        if (!_library.CanReadToken(text))
        {
            return null;
        }

        var (header, payload) = (text.IndexOf('.', StringComparison.Ordinal), text.LastIndexOf('.'));
        if (!AccessTokenFormat.IsCanonical(text.AsSpan(payload + 1))
            || AccessTokenFormat.Read<AccessTokenHeader>(text.AsSpan(0, header)) is not { } named
            || await ring.FindAsync(named.Kid, CancellationToken.None) is not { } key)
        {
            return null;
        }

        var result = await _library.ValidateTokenAsync(text, RulesFor(key));
        return result.IsValid
            && AccessTokenFormat.Read<AccessTokenClaims>(text.AsSpan(header + 1, payload - header - 1)) is { AreWhole: true } claims
            && UserId.TryParse(claims.Sub, out var user)
                ? new AccessToken(key.Id, user, claims, claims.Role ?? Roles.User)
                : null;
    }

    private TokenValidationParameters RulesFor(SigningKey key) => new()
    {
        ValidAlgorithms = [AccessTokenFormat.Algorithm],
        ValidTypes = [AccessTokenFormat.Type],
        IssuerSigningKey = key.Security,
        TryAllIssuerSigningKeys = false,
        ValidIssuer = options.Value.Issuer,
        ValidAudience = options.Value.Audience,
        // By business time, below: a token that is remembered ends too.
        ValidateLifetime = false,
    };

    private TokenValidationResult CheckTimes(AccessToken token)
    {
        var now = time.GetUtcNow();
        if (token.NotBefore - ClockSkew > now || token.IssuedAt - ClockSkew > now)
        {
            return Refused(new SecurityTokenNotYetValidException());
        }

        return token.ExpiresAt + ClockSkew <= now
            ? Refused(new SecurityTokenExpiredException())
            : new TokenValidationResult { IsValid = true, SecurityToken = token, ClaimsIdentity = token.Identity };
    }

    private static TokenValidationResult Refused(SecurityTokenException why) => new() { Exception = why };
}
