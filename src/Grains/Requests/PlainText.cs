using System.Globalization;
using System.Text;

namespace StellarPay.Grains.Requests;

/// <summary>Text that every column, log and reader takes as it is.</summary>
internal static class PlainText
{
    /// <summary>
    /// Whether it has no control characters (U+0000, which no jsonb takes, among them), no halves of surrogate pairs, nothing
    /// that begins a new line, and nothing that turns the direction of what follows.
    /// </summary>
    public static bool Is(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar
                || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator)
            {
                return false;
            }
        }

        return true;
    }
}
