using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>What issuer and reader of access tokens agree on.</summary>
internal static class AccessTokenFormat
{
    /// <summary>The only algorithm: a token's header cannot choose another.</summary>
    public const string Algorithm = SecurityAlgorithms.RsaSha256;

    public const string Type = "at+jwt";

    /// <summary>Ours have about 900 characters.</summary>
    public const int MaxLength = 4096;

    // JWT libraries pass over what they do not know. Ours says no more and no less than we write, so here all else is refused:
    // a claim that comes twice, a list for a text, a fraction, a header that names a key of its own or must be understood.
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        MaxDepth = 4,
    };

    /// <summary>Whether a part is the one text of its bytes: its last character can have bits that count for nothing.</summary>
    public static bool IsCanonical(ReadOnlySpan<char> part) =>
        Base64Url.DecodeFromChars(part, new byte[Base64Url.GetMaxDecodedLength(part.Length)], out _, out _) == OperationStatus.Done;

    /// <summary>Reads the header or the payload of a token; null where it is not as we write it.</summary>
    public static T? Read<T>(ReadOnlySpan<char> part)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(part), Strict);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            // Not as we write it: not ours.
            return null;
        }
    }
}

/// <summary>A token's header (RFC 7515).</summary>
internal sealed record AccessTokenHeader(string Alg, string Typ, string Kid);

/// <summary>A token's claims (RFC 7519, RFC 9068).</summary>
internal sealed record AccessTokenClaims(
    string Iss, string Aud, string Sub, string Sid, string Jti, long Iat, long Nbf, long Exp)
{
    // The year 9000, so that adding the skew cannot overflow.
    private const long MaxUnixSeconds = 221_845_392_000;

    /// <summary>What the user may be; a token without it is an ordinary user's.</summary>
    public string? Role { get; init; }

    /// <summary>Whether nothing is empty and the times are times.</summary>
    [JsonIgnore]
    public bool AreWhole =>
        Sid.Length > 0 && Jti.Length > 0 && Iat is >= 0 and <= MaxUnixSeconds && Nbf is >= 0 and <= MaxUnixSeconds
        && Exp is >= 0 and <= MaxUnixSeconds;
}
