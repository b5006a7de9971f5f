using BigGustave;
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
    private const int MostWritten = 256 * 1024;

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

        switch (PngBounds.Check(bytes.AsSpan(0, length)))
        {
            case PngFault.Size:
                return (null, Invalid($"is {PngBounds.Least} to {PngBounds.Most} pixels wide, and as many high"));
            case PngFault.Form:
                return (null, Malformed);
        }

        try
        {
            var written = Write(Png.Open(bytes[..length]));
            return written.Length <= MostWritten ? (written, null) : (null, Invalid("is simpler: a photograph is no logo"));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The decoder throws whatever it comes upon.
            return (null, Malformed);
        }
    }

    private static byte[] Write(Png picture)
    {
        var builder = PngBuilder.Create(picture.Width, picture.Height, hasAlphaChannel: true);
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                builder.SetPixel(picture.GetPixel(x, y), x, y);
            }
        }

        return builder.Save(new PngBuilder.SaveOptions { AttemptCompression = true });
    }

    private static Problem Invalid(string rule) => Problem.Invalid("logo_invalid", $"'{Param}' {rule}.", Param);
}
