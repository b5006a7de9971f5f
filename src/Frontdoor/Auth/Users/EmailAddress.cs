using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>An e-mail address as people type it: an ASCII local part and a domain name with a dot (RFC 5321's limits).</summary>
internal static partial class EmailAddress
{
    public const int MaxLength = 254;

    private const int MaxLocalLength = 64;

    /// <summary>Reads an address; spaces around it do not matter.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? address)
    {
        address = text?.Trim();
        if (address is null || address.Length > MaxLength || address.IndexOf('@', StringComparison.Ordinal) > MaxLocalLength
            || !Form().IsMatch(address))
        {
            address = null;
            return false;
        }

        return true;
    }

    [GeneratedRegex(
        @"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
        + @"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
