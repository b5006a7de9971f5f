using System.ComponentModel.DataAnnotations;

namespace StellarPay.Frontdoor.Auth;

/// <summary>How long tokens and keys live, and for whom tokens are. Section <c>StellarPay:Auth</c>.</summary>
internal sealed class AuthOptions
{
    public const string Section = "StellarPay:Auth";

    /// <summary>The fewest outside development: what OWASP's Password Storage Cheat Sheet asks of PBKDF2-HMAC-SHA512.</summary>
    public const int FewestPasswordIterations = 220_000;

    /// <summary>The longest that an access token may hold.</summary>
    public const int MostAccessTokenMinutes = 1440;

    /// <summary>The <c>iss</c> of access tokens.</summary>
    [Required(ErrorMessage = "StellarPay:Auth:Issuer is empty.")]
    public string Issuer { get; set; } = "stellarpay";

    /// <summary>The <c>aud</c> of access tokens.</summary>
    [Required(ErrorMessage = "StellarPay:Auth:Audience is empty.")]
    public string Audience { get; set; } = "stellarpay-api";

    [Range(1, MostAccessTokenMinutes, ErrorMessage = "StellarPay:Auth:AccessTokenMinutes must be from 1 to 1440.")]
    public int AccessTokenMinutes { get; set; } = 60;

    [Range(1, 90, ErrorMessage = "StellarPay:Auth:RefreshTokenDays must be from 1 to 90.")]
    public int RefreshTokenDays { get; set; } = 7;

    [Range(2, 365, ErrorMessage = "StellarPay:Auth:SigningKeyDays must be from 2 to 365.")]
    public int SigningKeyDays { get; set; } = 30;

    /// <summary>Wrong passwords in a row after which a name is locked for the network that they came from.</summary>
    [Range(3, 100, ErrorMessage = "StellarPay:Auth:MaxFailedAttempts must be from 3 to 100.")]
    public int MaxFailedAttempts { get; set; } = 10;

    [Range(1, 1440, ErrorMessage = "StellarPay:Auth:LockoutMinutes must be from 1 to 1440.")]
    public int LockoutMinutes { get; set; } = 15;

    /// <summary>For how long a second factor that was shown lets through what needs one.</summary>
    [Range(1, 60, ErrorMessage = "StellarPay:Auth:StepUpMinutes must be from 1 to 60.")]
    public int StepUpMinutes { get; set; } = 5;

    /// <summary>Rounds of PBKDF2-HMAC-SHA512 in a password's hash. A password hashed with fewer is hashed anew at its next login.</summary>
    [Range(1000, 10_000_000, ErrorMessage = "StellarPay:Auth:PasswordIterations must be from 1000 to 10000000.")]
    public int PasswordIterations { get; set; } = FewestPasswordIterations;

    public TimeSpan StepUpFor => TimeSpan.FromMinutes(StepUpMinutes);

    public TimeSpan AccessTokenLifetime => TimeSpan.FromMinutes(AccessTokenMinutes);

    public TimeSpan RefreshTokenLifetime => TimeSpan.FromDays(RefreshTokenDays);

    public TimeSpan SigningKeyLifetime => TimeSpan.FromDays(SigningKeyDays);
}
