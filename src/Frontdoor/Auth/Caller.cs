using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth;

/// <summary>Who calls, as the access token says.</summary>
internal static class Caller
{
    public const string UserClaim = "sub";
    public const string RoleClaim = "role";
    public const string SessionClaim = "sid";
    public const string EndClaim = "exp";

    /// <summary>The caller that an access token names.</summary>
    public static ClaimsIdentity Of(UserId user, string role, string session, DateTimeOffset end) => new(
        [
            new Claim(UserClaim, user.Value),
            new Claim(RoleClaim, role),
            new Claim(SessionClaim, session),
            new Claim(EndClaim, end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ],
        JwtBearerDefaults.AuthenticationScheme,
        UserClaim,
        RoleClaim);

    /// <summary>The user of an authenticated request.</summary>
    public static UserId UserId(this ClaimsPrincipal caller) => Grains.Identifiers.UserId.Parse(caller.FindFirstValue(UserClaim));

    /// <summary>When the token of an authenticated request ends.</summary>
    public static DateTimeOffset TokenEnd(this ClaimsPrincipal caller) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(caller.FindFirstValue(EndClaim)!, CultureInfo.InvariantCulture));

    /// <summary>The session of an authenticated request; null for an anonymous one.</summary>
    public static string? SessionId(this ClaimsPrincipal caller) => caller.FindFirstValue(SessionClaim);
}
