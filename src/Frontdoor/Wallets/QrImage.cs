using System.Net;
using QRCoder;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>A text as a QR code with a quiet zone, error correction M.</summary>
internal static class QrImage
{
    private const int PixelsPerModule = 8;

    /// <summary>As SVG, with the text as its title for those who cannot see it.</summary>
    public static string Svg(string text)
    {
        using var code = new SvgQRCode(Encode(text));
        var svg = code.GetGraphic(PixelsPerModule);
        var open = svg.IndexOf("<svg", StringComparison.Ordinal);
        var start = svg.IndexOf('>', open) + 1;
        return svg.Insert(start, $"<title>{WebUtility.HtmlEncode(text)}</title>");
    }

    public static byte[] Png(string text)
    {
        using var code = new PngByteQRCode(Encode(text));
        return code.GetGraphic(PixelsPerModule);
    }

    private static QRCodeData Encode(string text) => QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
}
