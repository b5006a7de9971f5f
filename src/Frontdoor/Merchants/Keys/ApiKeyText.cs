using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>
/// A key as it is shown once: what it is for, whether payments are real, and 256 random bits, such as <c>sk_test_…</c>. Of its text
/// nothing is kept but the SHA-256 and the last four characters.
/// </summary>
internal sealed class ApiKeyText
{
    // 43 of 62 are 256 bits.
    private const int SecretLength = 43;
    private const int ShownLength = 4;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly (string Prefix, ApiKeyKind Kind, bool IsLive)[] Forms =
    [
        ("pk_test_", ApiKeyKind.Publishable, false), ("sk_test_", ApiKeyKind.Secret, false), ("rk_test_", ApiKeyKind.Restricted, false),
        ("pk_live_", ApiKeyKind.Publishable, true), ("sk_live_", ApiKeyKind.Secret, true), ("rk_live_", ApiKeyKind.Restricted, true),
    ];

    private readonly string _text;

    private ApiKeyText(string text, ApiKeyKind kind, bool isLive) => (_text, Kind, IsLive) = (text, kind, isLive);

    public ApiKeyKind Kind { get; }

    public bool IsLive { get; }

    /// <summary>What is kept of it.</summary>
    public byte[] Digest => SHA256.HashData(Encoding.ASCII.GetBytes(_text));

    public string Last4 => _text[^ShownLength..];

    public static ApiKeyText New(ApiKeyKind kind, bool isLive) =>
        new(PrefixOf(kind, isLive) + RandomNumberGenerator.GetString(Alphabet, SecretLength), kind, isLive);

    /// <summary>How keys of a kind begin.</summary>
    public static string PrefixOf(ApiKeyKind kind, bool isLive) =>
        Forms.Single(form => form.Kind == kind && form.IsLive == isLive).Prefix;

    /// <summary>Whether a text is meant to be a key, be it a right one or not; no access token is.</summary>
    public static bool IsMeant(ReadOnlySpan<char> text)
    {
        foreach (var form in Forms)
        {
            if (text.StartsWith(form.Prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads one that has the right form.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ApiKeyText? key)
    {
        key = null;
        foreach (var (prefix, kind, isLive) in Forms)
        {
            if (text is not null && text.Length == prefix.Length + SecretLength
                && text.StartsWith(prefix, StringComparison.Ordinal)
                && text.AsSpan(prefix.Length).IndexOfAnyExcept(Alphabet) < 0)
            {
                key = new ApiKeyText(text, kind, isLive);
            }
        }

        return key is not null;
    }

    /// <summary>As it is written in the answer that makes it and nowhere else.</summary>
    public string Reveal() => _text;

    // Whoever writes it to a log writes this.
    public override string ToString() => "(key)";
}
