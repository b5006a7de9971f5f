using System.Text;
using System.Text.Encodings.Web;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;

namespace StellarPay.Tests.Shared.Secrets;

/// <summary>Something that nobody may see, in every form in which it could be seen.</summary>
internal sealed class Secret
{
    // Of something long, each piece of this length is looked for: a text may break it into lines.
    private const int PieceBytes = 32;

    private readonly Dictionary<string, byte[]> _forms = [];

    private Secret(string name, Func<string, bool> mayBeAt) => (Name, MayBeAt) = (name, mayBeAt);

    public string Name { get; }

    /// <summary>The places where it belongs: a token is in the answer that issues it.</summary>
    public Func<string, bool> MayBeAt { get; }

    /// <summary>What to look for, by the form's name.</summary>
    public IReadOnlyDictionary<string, byte[]> Forms => _forms;

    /// <summary>Bytes: raw, in hexadecimal, base64 and base64url, and as a list of numbers.</summary>
    public static Secret OfBytes(string name, ReadOnlySpan<byte> bytes, Func<string, bool>? mayBeAt = null)
    {
        var secret = new Secret(name, mayBeAt ?? (_ => false));
        for (var at = 0; at < bytes.Length; at += PieceBytes)
        {
            // The last piece reaches back, so that none is so short that chance would find it.
            var from = Math.Max(0, Math.Min(at, bytes.Length - PieceBytes));
            secret.AddBytes($" of byte {from}", bytes[from..Math.Min(from + PieceBytes, bytes.Length)]);
        }

        return secret;
    }

    /// <summary>A seed of a Stellar key: its bytes, its <c>S…</c> form, and the scalar that signs.</summary>
    public static Secret OfSeed(string name, ReadOnlySpan<byte> seed)
    {
        var secret = OfBytes(name, seed);
        secret.AddText("StrKey", StrKey.Encode(StrKeyKind.SecretSeed, seed));
        var scalar = System.Security.Cryptography.SHA512.HashData(seed)[..Ed25519.SeedLength];
        scalar[0] &= 248;
        scalar[31] = (byte)((scalar[31] & 127) | 64);
        secret.AddBytes(" of the scalar", scalar);
        return secret;
    }

    /// <summary>A password or a token: as it is, escaped as in URLs and JSON, and all that bytes can be.</summary>
    public static Secret OfText(string name, string text, Func<string, bool>? mayBeAt = null)
    {
        var secret = new Secret(name, mayBeAt ?? (_ => false));
        secret.AddText("text", text);
        secret.AddText("URL", Uri.EscapeDataString(text));
        secret.AddText("form", System.Net.WebUtility.UrlEncode(text));
        secret.AddText("JSON", JavaScriptEncoder.Default.Encode(text));
        secret.AddBytes("", Encoding.UTF8.GetBytes(text));
        secret._forms["UTF-16"] = Encoding.Unicode.GetBytes(text);
        return secret;
    }

    // What base64 makes of bytes depends on where in the whole they stand; only what depends on nothing else is kept.
    private static string Base64(ReadOnlySpan<byte> bytes, int before)
    {
        var whole = new byte[before + bytes.Length];
        bytes.CopyTo(whole.AsSpan(before));
        var first = ((before * 8) + 5) / 6;
        return Convert.ToBase64String(whole)[first..(whole.Length * 8 / 6)];
    }

    private void AddBytes(string of, ReadOnlySpan<byte> bytes)
    {
        _forms[$"bytes{of}"] = bytes.ToArray();
        AddText($"hex{of}", Convert.ToHexStringLower(bytes));
        AddText($"HEX{of}", Convert.ToHexString(bytes));
        AddText($"dashed{of}", BitConverter.ToString(bytes.ToArray()));
        AddText($"numbers{of}", string.Join(',', bytes.ToArray()));
        AddText($"spaced numbers{of}", string.Join(", ", bytes.ToArray()));
        for (var before = 0; before < 3; before++)
        {
            var base64 = Base64(bytes, before);
            AddText($"base64+{before}{of}", base64);
            AddText($"base64url+{before}{of}", base64.Replace('+', '-').Replace('/', '_'));
            AddText($"base64 in JSON+{before}{of}", JavaScriptEncoder.Default.Encode(base64));
        }
    }

    private void AddText(string form, string text) => _forms[form] = Encoding.UTF8.GetBytes(text);
}
