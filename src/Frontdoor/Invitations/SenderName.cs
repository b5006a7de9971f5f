using System.Globalization;
using System.Text;

namespace StellarPay.Frontdoor.Invitations;

/// <summary>
/// What a stranger is told of who invites him. It is the sender's own word in a message of ours: so letters alone, and few. What could be
/// a link, a number to call or a sentence of ours is none.
/// </summary>
internal static class SenderName
{
    private const int MostRunes = 40;

    /// <summary>Such a name; null where nothing is left of it.</summary>
    public static string? Of(string? name)
    {
        var kept = new StringBuilder();
        var count = 0;
        foreach (var rune in (name ?? "").EnumerateRunes())
        {
            var shown = MayStand(rune) ? rune : new Rune(' ');
            if (shown.Value == ' ' && (kept.Length == 0 || kept[^1] == ' '))
            {
                continue;
            }

            if (count++ == MostRunes)
            {
                break;
            }

            kept.Append(shown.ToString());
        }

        var text = kept.ToString().Trim();
        return text.EnumerateRunes().Any(Rune.IsLetter) ? text : null;
    }

    private static bool MayStand(Rune rune) => rune.Value is '-' or '\'' or '\u2019' || Rune.IsLetter(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
