using SkiaSharp;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Merchants.Logos;

/// <summary>
/// Reads logos. What is kept of one are its pixels, written anew: nothing else that somebody put into the file is ever served from the
/// origin of the pages.
/// </summary>
internal static class LogoImage
{
    private const string Param = "logo";
    private const int Most = 32 * 1024;
    private const int MostWritten = 64 * 1024;

    private static readonly Problem Malformed = Invalid("is a PNG file in base64");

    /// <summary>The picture, written anew; or what is wrong with it.</summary>
    /// <param name="text">A PNG file in base64.</param>
    public static (byte[]? Png, Problem? Problem) Read(string text)
    {
        var bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            return (null, Malformed);
        }

        if (length > Most)
        {
            return (null, Invalid($"has at most {Most / 1024} KiB"));
        }

        return PngBounds.Check(bytes.AsSpan(0, length)) switch
        {
            PngFault.Size => (null, Invalid($"is {PngBounds.Least} to {PngBounds.Most} pixels wide, and as many high")),
            PngFault.None when Write(bytes[..length]) is { } written => written.Length <= MostWritten
                ? (written, null)
                : (null, Invalid("is simpler: a photograph is no logo")),
            _ => (null, Malformed),
        };
    }

    // Null where it cannot be decoded whole.
    private static byte[]? Write(byte[] file)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        if (codec is not { EncodedFormat: SKEncodedImageFormat.Png })
        {
            return null;
        }

        using var picture = new SKBitmap(
            new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, SKColorSpace.CreateSrgb()));
        if (codec.GetPixels(picture.Info, picture.GetPixels()) != SKCodecResult.Success)
        {
            return null;
        }

        using var written = picture.Encode(SKEncodedImageFormat.Png, quality: 100);
        return written?.ToArray();
    }

    private static Problem Invalid(string rule) => Problem.Invalid("logo_invalid", $"'{Param}' {rule}.", Param);
}
