using System.Globalization;
using System.Text;
using ICU4N.Globalization;
using ICU4N.Text;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// Which scripts may stand in one word: one, or those that are written together (UTS 39, highly restrictive). With two, the
/// <c>а</c> of Cyrillic passes for the <c>a</c> of Latin.
/// </summary>
internal static class Scripts
{
    private static readonly int[][] Together =
    [
        [UScript.Latin, UScript.Han, UScript.Hiragana, UScript.Katakana],
        [UScript.Latin, UScript.Han, UScript.Hangul],
        [UScript.Latin, UScript.Han, UScript.Bopomofo],
    ];

    /// <summary>Whether nothing is seen of it, so that a word with it passes for the word without: controls, fillers, selectors.</summary>
    public static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || Normalizer2.NFKCCaseFoldInstance.Normalize(rune.ToString()).Length == 0;

    /// <summary>Whether the letters are of one script, or of some that go together, and the digits of one kind.</summary>
    public static bool AreOfOneKind(string word)
    {
        if (Ascii.IsValid(word))
        {
            return true;
        }

        var scripts = new HashSet<int>();
        var zeros = new HashSet<int>();
        for (var i = 0; i < word.Length; i += char.IsHighSurrogate(word[i]) ? 2 : 1)
        {
            if (char.IsLowSurrogate(word[i]) || !Rune.TryGetRuneAt(word, i, out var rune))
            {
                return false;
            }

            var script = UScript.GetScript(rune.Value);
            if (script is not (UScript.Common or UScript.Inherited))
            {
                scripts.Add(script);
            }

            if (CharUnicodeInfo.GetDecimalDigitValue(word, i) is var digit and >= 0)
            {
                zeros.Add(rune.Value - digit);
            }
        }

        return zeros.Count <= 1 && !scripts.Contains(UScript.Unknown)
            && (scripts.Count <= 1 || Together.Any(scripts.IsSubsetOf));
    }
}
