using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Admin;

/// <summary>Why an administrator does something: a sentence, kept with the deed.</summary>
internal static class AdminReason
{
    private const int MinLength = 3;
    private const int MaxLength = 500;

    /// <summary>Null if the reason will do.</summary>
    public static Problem? Check(string? reason) => reason switch
    {
        null or "" => Problem.Missing("reason"),
        _ when reason.Trim().Length is < MinLength or > MaxLength || reason.Any(char.IsControl) || !IsText(reason) => Problem.Invalid(
            "reason_invalid", $"'reason' is a text of {MinLength} to {MaxLength} characters on one line.", "reason"),
        _ => null,
    };

    // Half of a surrogate pair is no character, and no database takes it.
    private static bool IsText(string reason) => !reason.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar);
}
