using System.Security.Claims;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>What a valid access token says.</summary>
internal sealed record AccessToken(
    UserId User, string Role, string SessionId, string Id, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>The caller, as requests see him. One for all requests with this token; nobody changes it.</summary>
    public ClaimsPrincipal Principal { get; } = Caller.Of(User, Role, SessionId, ExpiresAt);
}

/// <summary>Why a token is not accepted.</summary>
internal enum AccessTokenFault
{
    None,

    /// <summary>It is malformed, not ours, not for us, or its signature does not fit.</summary>
    Invalid,

    /// <summary>It was valid once.</summary>
    Expired,
}

/// <summary>A signed token and when it ends.</summary>
internal sealed record IssuedAccessToken(string Text, DateTimeOffset ExpiresAt);
