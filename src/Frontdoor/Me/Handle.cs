using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace StellarPay.Frontdoor.Me;

/// <summary>The name by which users find each other, without the <c>@</c>: 3 to 20 of a-z, 0-9 and _.</summary>
internal static partial class Handle
{
    public const string Rule = "A handle has 3 to 20 characters of a-z, 0-9 and _.";

    // Names that would pass for us, for a role, or for nobody.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "admin", "administrator", "api", "bank", "billing", "compliance", "contact", "finance", "friendbot", "help",
        "helpdesk", "info", "legal", "mail", "me", "moderator", "null", "official", "operator", "payment", "payments",
        "postmaster", "root", "security", "service", "staff", "stellar", "stellarpay", "stellar_pay", "support", "system",
        "team", "treasury", "undefined", "usdc", "user", "wallet", "webmaster", "xlm", "you",
    };

    /// <summary>Reads a handle; a leading <c>@</c> and the case do not matter.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? handle)
    {
        var name = text?.Trim();
        name = name is ['@', ..] ? name[1..] : name;
        handle = name is not null && Form().IsMatch(name) ? name.ToLowerInvariant() : null;
        return handle is not null;
    }

    /// <summary>Whether nobody may have it.</summary>
    public static bool IsReserved(string handle) =>
        Reserved.Contains(handle) || Reserved.Contains(handle.Replace("_", "", StringComparison.Ordinal))
        || handle.StartsWith("stellarpay", StringComparison.Ordinal);

    [GeneratedRegex(@"\A[A-Za-z0-9_]{3,20}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
