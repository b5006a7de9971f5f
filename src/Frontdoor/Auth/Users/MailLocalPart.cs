using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using ICU4N.Text;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// What stands before the @ of an e-mail address: words with dots between them (RFC 5321, dot-atom), in which letters, marks and
/// digits of any script may stand (RFC 6531), but nothing that is there to look like something else.
/// </summary>
internal static class MailLocalPart
{
    /// <summary>In octets of UTF-8 (RFC 5321).</summary>
    private const int MaxLength = 64;

    private const string AsciiMarks = "!#$%&'*+/=?^_`{|}~-";

    /// <summary>Reads it and composes it (NFC).</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? local)
    {
        local = null;
        var composed = Ascii.IsValid(text) ? text : Compose(text);
        if (composed is null || Encoding.UTF8.GetByteCount(composed) > MaxLength || !composed.Split('.').All(IsWord)
            || !Scripts.AreOfOneKind(composed))
        {
            return false;
        }

        local = composed;
        return true;
    }

    // Wide letters, ligatures and the like are other spellings of what they look like; and what is mixed of both directions
    // of writing is not seen as it is read (RFC 5893).
    private static string? Compose(string text)
    {
        if (text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar || Scripts.IsUnseen(rune)))
        {
            return null;
        }

        var composed = Normalizer2.NFCInstance.Normalize(text);
        return Normalizer2.NFKCInstance.IsNormalized(composed) && MailDomain.ReadsOneWay(composed) ? composed : null;
    }

    private static bool IsWord(string word)
    {
        var before = default(Rune?);
        foreach (var rune in (Ascii.IsValid(word) ? word : Normalizer2.NFDInstance.Normalize(word)).EnumerateRunes())
        {
            // A mark is on a letter, and a second of the same is not seen.
            var fits = IsMark(rune) ? before is not null && before != rune
                : Rune.IsLetterOrDigit(rune) || (rune.IsAscii && AsciiMarks.Contains((char)rune.Value, StringComparison.Ordinal));
            if (!fits)
            {
                return false;
            }

            before = rune;
        }

        return before is not null;
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
