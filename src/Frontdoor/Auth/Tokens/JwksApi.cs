using System.Buffers.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>Our public keys, for whoever wants to check our tokens (RFC 7517).</summary>
internal static class JwksApi
{
    private const string CacheFor = "public, max-age=300";

    public static void MapJwks(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/.well-known/jwks.json", GetAsync)
            .WithTags("Auth")
            .WithSummary("The public keys that access tokens are signed with");

    private static async Task<Ok<JsonWebKeySet>> GetAsync(
        SigningKeyRing ring, HttpResponse response, CancellationToken cancellationToken)
    {
        var keys = await ring.GetPublishedAsync(cancellationToken);
        response.Headers.CacheControl = CacheFor;
        return TypedResults.Ok(new JsonWebKeySet([.. keys.Select(ToJson)]));
    }

    private static JsonWebKey ToJson(SigningKey key)
    {
        var parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
        return new JsonWebKey(
            "RSA",
            "sig",
            AccessTokenFormat.Algorithm,
            key.Id,
            Base64Url.EncodeToString(parameters.Modulus),
            Base64Url.EncodeToString(parameters.Exponent));
    }
}

/// <summary>A JWK set.</summary>
internal sealed record JsonWebKeySet(IReadOnlyList<JsonWebKey> Keys);

/// <summary>An RSA public key as a JWK.</summary>
internal sealed record JsonWebKey(string Kty, string Use, string Alg, string Kid, string N, string E);
