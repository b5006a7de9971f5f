using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>The page's style, script and icon, each by a name with the hash of what it is, so that browsers keep it for ever.</summary>
internal static class CheckoutFiles
{
    public const string Folder = "/checkout/assets/";
    public const string ForEver = "public, max-age=31536000, immutable";

    private const int HashDigits = 16;
    private const string BrandPrefix = "brand-";
    private const string StyleEnd = ".css";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [StyleEnd] = "text/css", [".js"] = "text/javascript", [".svg"] = "image/svg+xml",
    };

    private static readonly Dictionary<string, (string Type, byte[] Bytes)> All = new[] { "checkout.css", "checkout.js", "frame.js", "icon.svg" }
        .Select(Read).ToDictionary(file => file.Name, file => (file.Type, file.Bytes), StringComparer.Ordinal);

    public static CheckoutPageAssets Assets { get; } = new(UrlOf("checkout", StyleEnd), UrlOf("checkout", ".js"), UrlOf("frame", ".js"), UrlOf("icon", ".svg"));

    /// <summary>A file by its name; or a merchant's colour, as a style.</summary>
    public static Results<FileContentHttpResult, NotFound> Get(string file, HttpContext context)
    {
        (string Type, byte[] Bytes)? found = All.TryGetValue(file, out var one) ? one : BrandOf(file);
        if (found is not { } sent)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.CacheControl = ForEver;
        return TypedResults.Bytes(sent.Bytes, sent.Type);
    }

    private static (string Name, string Type, byte[] Bytes) Read(string name)
    {
        using var stream = typeof(CheckoutFiles).Assembly.GetManifestResourceStream($"checkout/assets/{name}")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var (stem, end) = (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name));
        return (
            $"{stem}.{Convert.ToHexStringLower(SHA256.HashData(bytes))[..HashDigits]}{end}",
            Types[end], bytes);
    }

    private static string UrlOf(string stem, string end) => Folder + All.Keys.Single(
        name => name.StartsWith($"{stem}.", StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal));

    private static (string Type, byte[] Bytes)? BrandOf(string file) =>
        file.StartsWith(BrandPrefix, StringComparison.Ordinal) && file.EndsWith(StyleEnd, StringComparison.Ordinal)
        && BrandStyle.Of(file[BrandPrefix.Length..^StyleEnd.Length]) is { } style
            ? ("text/css", Encoding.UTF8.GetBytes(style))
            : null;
}
