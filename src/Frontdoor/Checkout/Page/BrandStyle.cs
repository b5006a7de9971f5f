using System.Globalization;

namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>A merchant's colour as a style: of buttons, with black or white on it, whichever is read better (WCAG 2, contrast).</summary>
internal static class BrandStyle
{
    private const int Digits = 6;
    private const int ByteDigits = 2;
    private const double Flare = 0.05;

    /// <summary>The style of six hexadecimal digits; null where they are none.</summary>
    public static string? Of(string digits) => digits.Length == Digits && digits.All(char.IsAsciiHexDigit)
        ? $":root{{--brand:#{digits.ToLowerInvariant()};--on-brand:{(IsLight(digits) ? "#000" : "#fff")}}}"
        : null;

    // Black on it has more contrast than white.
    private static bool IsLight(string digits)
    {
        var light = Luminance(digits);
        return (light + Flare) / Flare > (1 + Flare) / (light + Flare);
    }

    private static double Luminance(string digits) =>
        0.2126 * Linear(digits, 0) + 0.7152 * Linear(digits, 1) + 0.0722 * Linear(digits, 2);

    private static double Linear(string digits, int at)
    {
        var value = byte.Parse(digits.AsSpan(at * ByteDigits, ByteDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
