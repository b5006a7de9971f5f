using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace StellarPay.Frontdoor.Merchants.Signing;

/// <summary>
/// The signature of a request: <c>StellarPay-Signature: t=1795874936,n=…,v1=…</c>, an HMAC-SHA256 over <see cref="TextOf"/>. There is this
/// one form; docs/guides/signed-requests.md says it to those who sign.
/// </summary>
/// <param name="Time">When it was signed, in seconds since 1970, as it was sent.</param>
/// <param name="Nonce">What no other request of the key has.</param>
/// <param name="Mac">The HMAC.</param>
internal sealed partial record RequestSignature(string Time, string Nonce, byte[] Mac)
{
    public const string Header = "StellarPay-Signature";

    /// <summary>The form, for a sentence.</summary>
    public const string Form =
        "t=<seconds since 1970>,n=<16 to 64 of A-Z, a-z, 0-9, - and _>,v1=<64 hexadecimal digits in lower case>, once and without spaces";

    // Of all three parts at their longest.
    private const int Longest = 148;

    /// <summary>When it was signed, by who signed.</summary>
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeSeconds(long.Parse(Time, CultureInfo.InvariantCulture));

    public static bool TryParse(string? text, [NotNullWhen(true)] out RequestSignature? signature)
    {
        signature = text is { Length: <= Longest } && Written().Match(text) is { Success: true } match
            ? new RequestSignature(match.Groups[1].Value, match.Groups[2].Value, Convert.FromHexString(match.Groups[3].Value))
            : null;
        return signature is not null;
    }

    /// <summary>What is signed: six lines, the last without an end.</summary>
    /// <param name="method">Such as POST.</param>
    /// <param name="target">Path and query as they stand in the request, escapes and all.</param>
    /// <param name="idempotencyKey">The header; empty where it is not sent.</param>
    /// <param name="body">The bytes that are sent; none where there is no body.</param>
    public string TextOf(string method, string target, string idempotencyKey, ReadOnlySpan<byte> body) =>
        string.Join('\n', method, target, Time, Nonce, idempotencyKey, Convert.ToHexStringLower(SHA256.HashData(body)));

    /// <summary>Whether it is that of a text, in a time that does not tell how much of it is.</summary>
    public bool IsOf(string text, ReadOnlySpan<byte> secret) =>
        CryptographicOperations.FixedTimeEquals(Mac, HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)));

    // At most eleven digits: until the year 5138.
    [GeneratedRegex(@"\At=([1-9][0-9]{0,10}),n=([A-Za-z0-9_-]{16,64}),v1=([0-9a-f]{64})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
