using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Grains.Money;

/// <summary>
/// An asset of the Stellar network in its canonical text form (SEP-11): <c>native</c> for XLM, else <c>CODE:ISSUER</c>.
/// </summary>
[GenerateSerializer, Immutable, Alias("sp.Asset")]
public readonly record struct Asset
{
    /// <summary>XLM, the network's own asset.</summary>
    public static readonly Asset Native = new("native");

    private const int MaxCodeLength = 12;
    private const int AddressLength = 56;

    private Asset(string canonical) => Canonical = canonical;

    /// <summary><c>native</c> or <c>CODE:ISSUER</c>.</summary>
    [Id(0)]
    public string Canonical { get; init; }

    /// <summary>Whether this is XLM.</summary>
    public bool IsNative => Canonical == "native";

    /// <summary>The code that people see: <c>XLM</c>, <c>USDC</c>.</summary>
    public string Code => IsNative ? "XLM" : Canonical[..Canonical.IndexOf(':', StringComparison.Ordinal)];

    /// <summary>The issuer's address (<c>G…</c>), or null for XLM.</summary>
    public string? Issuer => IsNative ? null : Canonical[(Canonical.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>An asset issued by an account. Only the form of the address is checked here, not its checksum.</summary>
    /// <exception cref="FormatException">The code is not 1 to 12 of [a-zA-Z0-9], or the issuer not a G address.</exception>
    public static Asset Issued(string code, string issuer) => Parse($"{code}:{issuer}");

    /// <summary>Parses the canonical form strictly.</summary>
    /// <exception cref="FormatException">The text is neither <c>native</c> nor <c>CODE:ISSUER</c>.</exception>
    public static Asset Parse(string? text) => TryParse(text, out var asset)
        ? asset
        : throw new FormatException("Not an asset: expected 'native' or 'CODE:ISSUER'.");

    /// <summary>Parses the canonical form strictly; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Asset asset)
    {
        asset = default;
        if (text is null)
        {
            return false;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var valid = text == "native"
            || (colon is >= 1 and <= MaxCodeLength
                && text.AsSpan(0, colon).IndexOfAnyExcept(AsciiLettersAndDigits) < 0
                && text.Length - colon - 1 == AddressLength
                && text[colon + 1] == 'G');
        if (valid)
        {
            asset = new Asset(text);
        }

        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Canonical;

    private static readonly System.Buffers.SearchValues<char> AsciiLettersAndDigits =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}
