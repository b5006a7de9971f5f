using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace StellarPay.Adapters.KeyVault;

/// <summary>
/// A key's URL: vault, name and, where one is meant, version
/// (https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers).
/// </summary>
internal sealed partial record KeyVaultKeyId(Uri Vault, string Name, string? Version)
{
    private const int MostCharacters = 512;

    /// <summary>The path of the key below its vault.</summary>
    public string Path => Version is null ? $"keys/{Name}" : $"keys/{Name}/{Version}";

    /// <summary>Whether it is the same key, be it in another version. A vault's names have no case.</summary>
    public bool IsSameKeyAs(KeyVaultKeyId other) =>
        Vault == other.Vault && Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is the same version of the same key.</summary>
    public bool IsSameVersionAs(KeyVaultKeyId other) =>
        IsSameKeyAs(other) && string.Equals(Version, other.Version, StringComparison.OrdinalIgnoreCase);

    public static bool TryParse(string? text, [NotNullWhen(true)] out KeyVaultKeyId? id)
    {
        id = null;
        if (text is not { Length: > 0 and <= MostCharacters }
            || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme != Uri.UriSchemeHttps
            || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0
            || KeyPath().Match(uri.AbsolutePath) is not { Success: true } match)
        {
            return false;
        }

        id = new KeyVaultKeyId(
            new Uri(uri.GetLeftPart(UriPartial.Authority) + "/"), match.Groups["name"].Value,
            match.Groups["version"] is { Success: true } version ? version.Value : null);
        return true;
    }

    public override string ToString() => Vault.AbsoluteUri + Path;

    [GeneratedRegex("^/keys/(?<name>[0-9A-Za-z-]{1,127})(/(?<version>[0-9A-Za-z]{1,64}))?/?$", RegexOptions.ExplicitCapture)]
    private static partial Regex KeyPath();
}
