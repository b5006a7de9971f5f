namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>What issuer and reader of access tokens agree on.</summary>
internal static class AccessTokenFormat
{
    /// <summary>The only algorithm: a token's header cannot choose another.</summary>
    public const string Algorithm = "RS256";

    public const string Type = "at+jwt";

    /// <summary>Ours have about 900 characters.</summary>
    public const int MaxLength = 4096;
}
