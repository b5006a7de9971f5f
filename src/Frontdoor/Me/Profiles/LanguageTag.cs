using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace StellarPay.Frontdoor.Me.Profiles;

/// <summary>
/// A language tag (BCP 47, RFC 5646) of language, script, region and variants, without extensions and private use. Any that is well
/// formed will do, whether there are texts in it or not: a client may have more languages than our messages.
/// </summary>
internal static partial class LanguageTag
{
    private const int MaxLength = 35;
    private const int ScriptLength = 4;
    private const int RegionLength = 2;

    /// <summary>Reads a tag and gives it the usual case: <c>zh-hant-tw</c> is <c>zh-Hant-TW</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? tag)
    {
        tag = text.Length <= MaxLength && Form().IsMatch(text)
            ? string.Join('-', text.Split('-').Select(WithUsualCase))
            : null;
        return tag is not null;
    }

    private static string WithUsualCase(string part, int at) => (at, part.Length) switch
    {
        (> 0, RegionLength) => part.ToUpperInvariant(),
        (> 0, ScriptLength) when char.IsAsciiLetter(part[0]) => char.ToUpperInvariant(part[0]) + part[1..].ToLowerInvariant(),
        _ => part.ToLowerInvariant(),
    };

    [GeneratedRegex(
        @"\A[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
