using System.Security.Cryptography;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>How an exchange of a refresh token ended.</summary>
internal enum RefreshOutcome
{
    Rotated,

    /// <summary>It had been exchanged a moment ago, and whoever did it is told the same again.</summary>
    Repeated,
    Unknown,
    Expired,
    Reused,
    Revoked,
}

/// <summary>A session and the refresh token that continues it.</summary>
/// <param name="Id">The session, <c>ses_…</c>.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Token">The refresh token.</param>
/// <param name="IssuedAt">When it was given first.</param>
/// <param name="ExpiresAt">When it ends.</param>
internal sealed record OpenSession(string Id, UserId User, RefreshToken Token, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    private const string Prefix = "ses_";
    private const int IdBytes = 16;

    public static string NewId() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    public static bool IsId(string text) =>
        text.Length == Prefix.Length + (2 * IdBytes)
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;
}
