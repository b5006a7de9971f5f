using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using StellarPay.Stellar.Domains;

namespace StellarPay.Stellar.Sep2;

/// <summary>A federated address: "name*domain".</summary>
/// <param name="Name">The part before the star.</param>
/// <param name="Domain">The domain that resolves it.</param>
/// <remarks>Source: SEP-2.</remarks>
public sealed record FederationAddress(string Name, string Domain)
{
    /// <summary>Longest address that is read, in characters.</summary>
    public const int MaxLength = 512;

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static FederationAddress Parse(string text) =>
        TryParse(text, out var address)
            ? address
            : throw new FormatException("That is not a federated address, such as bob*example.com.");

    /// <summary>Reads an address, if it is one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out FederationAddress? address)
    {
        address = null;
        if (text is null || text.Length > MaxLength)
        {
            return false;
        }
        var star = text.IndexOf('*', StringComparison.Ordinal);
        if (star <= 0 || !IsName(text.AsSpan(0, star)) || !DomainName.IsValid(text.AsSpan(star + 1)))
        {
            return false;
        }
        address = new FederationAddress(text[..star], text[(star + 1)..].ToLowerInvariant());
        return true;
    }

    /// <summary>"name*domain".</summary>
    public override string ToString() => $"{Name}*{Domain}";

    // Printable, no white space, no '>'; the first star ends it.
    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var rune in name.EnumerateRunes())
        {
            var category = System.Text.Rune.GetUnicodeCategory(rune);
            var printable = category is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
            if (!printable || rune.Value == '>' || rune == System.Text.Rune.ReplacementChar)
            {
                return false;
            }
        }
        return true;
    }
}
