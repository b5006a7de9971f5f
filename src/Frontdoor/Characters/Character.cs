using System.Globalization;
using System.Text;

namespace StellarPay.Frontdoor.Characters;

/// <summary>What can be seen of a text that somebody is shown.</summary>
internal static class Character
{
    /// <summary>
    /// Whether it is one that is shown: none that controls, formats or parts lines, and none that nobody knows. Spaces are, and so is the
    /// mark of what could not be read.
    /// </summary>
    public static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
