using System.Globalization;
using System.Net;
using System.Text;
using StellarPay.Frontdoor.Characters;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Platform;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>The program that asks, as far as we can tell one from another: what it calls itself, and where it is.</summary>
/// <param name="UserAgent">Its User-Agent, shortened; null where it gives none.</param>
/// <param name="Network">The IPv4 network (/24) or IPv6 network (/64) that it comes from.</param>
internal sealed record SessionClient(string? UserAgent, ulong Network)
{
    public const int MaxUserAgent = 256;

    private const int HostBits = 8;

    public static SessionClient Of(HttpContext context)
    {
        var address = ClientAddress.Of(context).Network;
        return new SessionClient(
            Shorten(context.Request.Headers.UserAgent.ToString()), address <= uint.MaxValue ? address >> HostBits : address);
    }

    /// <summary>Whence somebody comes, as budgets count it. This machine itself is no network, nor is what is not known.</summary>
    /// <param name="email">His e-mail address, or null.</param>
    public OpeningOrigin OriginOf(string? email) => new(
        Network == 0 || Network >> HostBits >> HostBits == IPAddress.Loopback.GetAddressBytes()[0] ? null : Network,
        // Shown as it was typed, and compared without regard to case (RFC 4343).
        email is null ? null : email[(email.LastIndexOf('@') + 1)..].ToLowerInvariant());

    /// <summary>Who exchanged a refresh token, in a form that says nothing to whoever does not have the token.</summary>
    public byte[] MarkOn(RefreshToken token) =>
        token.Mark(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Network}\n{UserAgent}")));

    // Whoever has the session is shown it: only what can be shown.
    private static string? Shorten(string given)
    {
        var shown = string.Concat(given.EnumerateRunes().Where(Character.IsShown).Select(rune => rune.ToString())).Trim();
        if (shown.Length > MaxUserAgent)
        {
            shown = shown[..(char.IsHighSurrogate(shown[MaxUserAgent - 1]) ? MaxUserAgent - 1 : MaxUserAgent)];
        }

        return shown.Length == 0 ? null : shown;
    }
}
