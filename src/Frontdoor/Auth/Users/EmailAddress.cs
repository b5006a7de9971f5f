using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// An e-mail address as people type it, also an internationalised one (RFC 6531): a local part, and a domain name with a dot.
/// One address has one form, however it is typed: its local part is composed (NFC), and its domain is the one that the
/// mail system asks for, so that <c>ü@bücher.example</c> is <c>ü@xn--bcher-kva.example</c>.
/// </summary>
internal static class EmailAddress
{
    /// <summary>Of the whole address, in octets of UTF-8 (RFC 5321).</summary>
    public const int MaxLength = 254;

    // What is composed, and a domain that is mapped, may be typed longer than it is.
    private const int MostTyped = 2 * MaxLength;

    /// <summary>Reads an address; spaces around it do not matter.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? address)
    {
        address = null;
        var typed = text?.Trim() ?? "";
        var at = typed.IndexOf('@', StringComparison.Ordinal);
        if (at > 0 && typed.Length <= MostTyped
            && MailLocalPart.TryParse(typed[..at], out var local) && MailDomain.TryParse(typed[(at + 1)..], out var domain)
            && Encoding.UTF8.GetByteCount(local) + 1 + domain.Length <= MaxLength)
        {
            address = $"{local}@{domain}";
        }

        return address is not null;
    }

    /// <summary>Whether it is no address in ASCII alone, as all were once.</summary>
    public static bool IsInternational(string text) => !Ascii.IsValid(text);
}
