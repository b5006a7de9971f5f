using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace StellarPay.Grains.Ledger;

/// <summary>Shows bytes that strangers wrote on the ledger to people: as text where they are clean text, else escaped.</summary>
public static class LedgerText
{
    private const int LongestProblem = 500;

    /// <summary>
    /// The bytes as text where they are UTF-8 without control characters; else with <c>\xNN</c> for each byte that is not
    /// printable ASCII, and <c>\\</c> for a backslash. So whatever the bytes are, no column, index or parser refuses them.
    /// </summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            var text = Encoding.UTF8.GetString(bytes);
            if (!text.Any(IsUnclean))
            {
                return text;
            }
        }

        var escaped = new StringBuilder(bytes.Length * 4);
        foreach (var each in bytes)
        {
            if (each == (byte)'\\')
            {
                escaped.Append("\\\\");
            }
            else if (each is >= 0x20 and < 0x7F)
            {
                escaped.Append((char)each);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\x{each:x2}");
            }
        }

        return escaped.ToString();
    }

    /// <summary>A message that quotes what strangers chose, as every column takes it.</summary>
    public static string Problem(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var clean = string.Concat(message.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));
        return clean.Length <= LongestProblem ? clean : clean[..LongestProblem];
    }

    // Control characters, and those that turn the direction of what follows or show nothing at all.
    private static bool IsUnclean(char c) => char.IsControl(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
