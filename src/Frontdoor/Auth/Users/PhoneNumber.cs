using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PhoneNumbers;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// A phone number that exists by the numbering plan of its country, in E.164: a plus sign and at most 15 digits. One
/// number has one form, however it is typed: <c>+44 (0)20 7946 0958</c> is <c>+442079460958</c>.
/// </summary>
internal static class PhoneNumber
{
    /// <summary>What a number must be, to be put behind the name of its field.</summary>
    public const string Rule = "must be a valid phone number with its country code, such as +442079460958, without an extension.";

    private const int MaxTypedLength = 40;

    // E.164's own bounds, which the table holds too. Some national plans have longer numbers, for machines.
    private const int MinLength = 8;
    private const int MaxLength = 16;

    private static readonly PhoneNumberUtil Plans = PhoneNumberUtil.GetInstance();

    /// <summary>
    /// Reads a number in international form; spaces, dots, slashes, brackets and any kind of dash do not matter, nor what is
    /// not seen: address books put marks of the direction of writing around a number.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? number)
    {
        number = null;
        var typed = text is null ? null : WithoutMarks(text).Trim();
        if (typed is null or "" || typed.Length > MaxTypedLength || !IsInternational(typed) || !typed.All(IsDigitOrSeparator))
        {
            return false;
        }

        try
        {
            var parsed = Plans.Parse(typed, defaultRegion: null);
            var formatted = Plans.Format(parsed, PhoneNumberFormat.E164);
            number = IsPersons(parsed) && formatted.Length is >= MinLength and <= MaxLength ? formatted : null;
        }
        catch (NumberParseException)
        {
            // No country has such a number: it stays null.
        }

        return number is not null;
    }

    // What a plan gives to services (premium rate, shared cost, toll-free, one number for a firm) nobody is reached at, and
    // a message to it can cost.
    private static bool IsPersons(PhoneNumbers.PhoneNumber parsed) => Plans.GetNumberType(parsed) is PhoneNumberType.FIXED_LINE
        or PhoneNumberType.MOBILE or PhoneNumberType.FIXED_LINE_OR_MOBILE or PhoneNumberType.VOIP or PhoneNumberType.PERSONAL_NUMBER;

    private static string WithoutMarks(string text) => text.Length > MaxTypedLength ? text : string.Concat(
        text.Where(c => char.GetUnicodeCategory(c) is not UnicodeCategory.Format));

    // There is no country at the door to read a national number by. "(+44)" is usual too.
    private static bool IsInternational(string typed) =>
        typed.Count(IsPlus) == 1 && (IsPlus(typed[0]) || (typed[0] is '(' && IsPlus(typed[1])));

    private static bool IsPlus(char c) => c is '+' or '＋';

    // The library would read letters as the digits of their keys, skip words before the number and cut what follows it.
    private static bool IsDigitOrSeparator(char c) => IsPlus(c) || c is '.' or '/' || char.GetUnicodeCategory(c) is
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.SpaceSeparator or UnicodeCategory.DashPunctuation
        or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation;
}
