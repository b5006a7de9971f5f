using System.Diagnostics.CodeAnalysis;
using OtpNet;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>Time-based one-time passwords as authenticator apps make them: SHA-1, six digits, thirty seconds (RFC 6238).</summary>
internal static class Totp
{
    public const int SecretBytes = 20;

    private const int Digits = 6;
    private const int StepSeconds = 30;
    private const int LongestTyped = 16;
    private const string Issuer = "StellarPay";

    // One step before and after: clocks of phones are a little off.
    private static readonly VerificationWindow OneStep = new(previous: 1, future: 1);

    /// <summary>Reads a code as people type it: spaces and hyphens do not matter.</summary>
    public static bool TryParse(string? typed, [NotNullWhen(true)] out string? code)
    {
        var digits = typed is null or { Length: > LongestTyped } ? "" : string.Concat(typed.Where(c => c is not (' ' or '-')));
        code = digits.Length == Digits && digits.All(char.IsAsciiDigit) ? digits : null;
        return code is not null;
    }

    /// <summary>The time step whose code this is, if it is one of about now; else null.</summary>
    public static long? StepOf(byte[] secret, string code, DateTimeOffset now)
    {
        var totp = new OtpNet.Totp(secret, StepSeconds, OtpHashMode.Sha1, Digits);
        return totp.VerifyTotp(now.UtcDateTime, code, out var step, OneStep) ? step : null;
    }

    /// <summary>The secret as people type it into their authenticator.</summary>
    public static string TextOf(byte[] secret) => Base32Encoding.ToString(secret).TrimEnd('=');

    /// <summary>The same as a URI that is shown as a QR code.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="account">How the user is called, so that he knows it again among others.</param>
    public static string UriOf(byte[] secret, string account) =>
        $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(account)}?secret={TextOf(secret)}&issuer={Issuer}"
        + $"&algorithm=SHA1&digits={Digits}&period={StepSeconds}";
}
