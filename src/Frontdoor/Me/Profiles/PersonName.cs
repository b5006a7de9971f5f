using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using ICU4N.Text;
using StellarPay.Frontdoor.Characters;

namespace StellarPay.Frontdoor.Me.Profiles;

/// <summary>
/// What somebody is called: 1 to 100 characters of any script, composed (NFC), without what is not seen, turns the direction of writing
/// or is no character. Joiners stay, since names are spelt with them in some scripts.
/// </summary>
internal static class PersonName
{
    private const int MaxLength = 100;
    private const int MostTyped = 4 * MaxLength;
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>Reads a name; spaces around it do not matter.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? name)
    {
        name = null;
        var typed = text.Trim();
        if (typed.Length is 0 or > MostTyped || !typed.EnumerateRunes().All(MayStand))
        {
            return false;
        }

        var composed = Normalizer2.NFCInstance.Normalize(typed);
        var runes = composed.EnumerateRunes().ToArray();
        name = runes.Length <= MaxLength && runes.Any(Rune.IsLetterOrDigit) ? composed : null;
        return name is not null;
    }

    private static bool MayStand(Rune rune) =>
        rune.Value is ' ' or ZeroWidthNonJoiner or ZeroWidthJoiner
        || (rune != Rune.ReplacementChar && Character.IsShown(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.SpaceSeparator);
}
