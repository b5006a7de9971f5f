using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using Azure.Core;

namespace StellarPay.Adapters.KeyVault;

/// <summary>
/// What Key Vault asks of whoever comes without a token it takes: a token of this tenant for this scope
/// (https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses).
/// </summary>
internal sealed partial record KeyVaultChallenge(string Scope, string? Tenant, string? Claims)
{
    private const int MostCharacters = 8192;

    public TokenRequestContext Request(string requestId) =>
        new([Scope], requestId, Claims, Tenant, isCaeEnabled: true);

    public static bool TryParse(string? header, [NotNullWhen(true)] out KeyVaultChallenge? challenge)
    {
        challenge = null;
        if (header is null or { Length: > MostCharacters } || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Parameter().Matches(header))
        {
            parameters[match.Groups["name"].Value] = match.Groups["value"].Value;
        }

        var scope = parameters.TryGetValue("scope", out var asked) ? asked
            : parameters.TryGetValue("resource", out var resource) ? resource.TrimEnd('/') + "/.default"
            : null;
        if (scope is null || !Uri.TryCreate(scope, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
        {
            return false;
        }

        challenge = new KeyVaultChallenge(scope, TenantOf(parameters), ClaimsOf(parameters));
        return true;
    }

    /// <summary>
    /// Whether the token that is asked for is one for this vault. Else whoever poses as a vault would be given a
    /// token that opens something else.
    /// </summary>
    public bool IsFor(Uri vault)
    {
        var host = new Uri(Scope).Host;
        return vault.Host.Equals(host, StringComparison.OrdinalIgnoreCase)
            || vault.Host.EndsWith("." + host, StringComparison.OrdinalIgnoreCase);
    }

    private static string? TenantOf(Dictionary<string, string> parameters) =>
        (parameters.TryGetValue("authorization", out var authority)
            || parameters.TryGetValue("authorization_uri", out authority))
        && Uri.TryCreate(authority, UriKind.Absolute, out var uri) && uri.AbsolutePath.Trim('/') is { Length: > 0 } path
            ? path.Split('/')[0]
            : null;

    // Continuous access evaluation: the token is in order, but more is to be proven.
    private static string? ClaimsOf(Dictionary<string, string> parameters)
    {
        if (!parameters.TryGetValue("claims", out var encoded))
        {
            return null;
        }

        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var written) ? Encoding.UTF8.GetString(bytes, 0, written) : null;
    }

    [GeneratedRegex("""(?<name>[A-Za-z_]{1,40})="(?<value>[^"]*)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Parameter();
}
