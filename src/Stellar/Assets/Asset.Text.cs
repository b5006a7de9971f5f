using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Stellar.Xdr;

public readonly partial struct Asset
{
    /// <summary>
    /// Parses "native" or "CODE:ISSUER", the form that <see cref="ToString"/> gives and Horizon takes.
    /// </summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static Asset Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var asset)
            ? asset
            : throw new FormatException("An asset is 'native' or CODE:ISSUER, such as USDC:G….");

    /// <summary>Parses "native" or "CODE:ISSUER", if it is one of them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="asset">The asset; the native one if the text is neither.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Asset asset)
    {
        asset = Native;
        if (text is "native")
        {
            return true;
        }
        var colon = text.IndexOf(':');
        if (colon < 0
            || !AssetCode.TryParse(text[..colon], out var code)
            || !AccountId.TryParse(text[(colon + 1)..], out var issuer))
        {
            return false;
        }
        asset = new Asset(code, issuer);
        return true;
    }

    /// <summary>Parses "native" or "CODE:ISSUER", if it is one of them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="asset">The asset; the native one if the text is neither.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Asset asset) =>
        TryParse(text.AsSpan(), out asset);
}
