using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace StellarPay.Frontdoor.Checkout.Embed;

/// <summary>
/// The script of shops' pages. By its version's name, <c>v1.js</c>, it is what we serve today; by the hash of what it is, it is that for
/// ever, so that a page can say what it expects (SRI). A script that was replaced stays in the folder, by any other name.
/// </summary>
internal static class EmbedScripts
{
    /// <summary>Where they are.</summary>
    public const string Path = "/js";

    private const string Folder = "checkout/embed/";
    private const string Version = "v1";
    private const string End = ".js";
    private const string Type = "text/javascript";
    private const int HashDigits = 16;

    // What is mended reaches open shops in minutes, and costs those that have it a question.
    private const string ForMinutes = "public, max-age=300";
    private const string ForEver = "public, max-age=31536000, immutable";

    private static readonly Dictionary<string, Script> All = Read();

    /// <summary>Today's, by the hash of what it is.</summary>
    public static string Pinned { get; } = NameOf(All[Version + End].Hash);

    /// <summary>A script by its name.</summary>
    public static Results<FileContentHttpResult, NotFound> Get(string file, HttpContext context)
    {
        if (!All.TryGetValue(file, out var script))
        {
            return TypedResults.NotFound();
        }

        var headers = context.Response.Headers;
        headers.CacheControl = file == Version + End ? ForMinutes : ForEver;
        // Browsers compare a script with what a page expects only where it may be read (SRI); it is the same for everybody.
        headers.AccessControlAllowOrigin = "*";
        // A weak one: it may be compressed or not.
        return TypedResults.Bytes(script.Bytes, Type, entityTag: new EntityTagHeaderValue($"\"{script.Hash}\"", isWeak: true));
    }

    private static Dictionary<string, Script> Read()
    {
        var all = new Dictionary<string, Script>(StringComparer.Ordinal);
        foreach (var name in typeof(EmbedScripts).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var stream = typeof(EmbedScripts).Assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var script = new Script(Convert.ToHexStringLower(SHA256.HashData(bytes))[..HashDigits], bytes);
            all[NameOf(script.Hash)] = script;
            if (name == Folder + Version + End)
            {
                all[Version + End] = script;
            }
        }

        return all;
    }

    private static string NameOf(string hash) => $"{Version}.{hash}{End}";

    private sealed record Script(string Hash, byte[] Bytes);
}
