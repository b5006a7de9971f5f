using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// What a password must be: long, not one of the usual ones, not the person's own address. No rule about kinds of
/// characters; those make passwords worse (NIST SP 800-63B, 5.1.1.2).
/// </summary>
internal static class PasswordRules
{
    public const int MinLength = 10;
    public const int MaxLength = 256;

    private const int FewestDistinct = 5;

    private static readonly string[] Usual =
    [
        "password", "passw0rd", "qwerty", "qwertz", "123456", "234567", "345678", "abcdef", "letmein", "iloveyou",
        "welcome", "admin", "stellarpay",
    ];

    /// <summary>Null if it will do.</summary>
    public static Problem? Check(string password, string? email, string? phone)
    {
        if (password.Length is < MinLength or > MaxLength)
        {
            return Problem.Invalid(
                "password_length", $"A password has {MinLength} to {MaxLength} characters.", "password");
        }

        return IsWeak(password, email, phone)
            ? Problem.Invalid(
                "password_weak", "This password is too easy to guess: it repeats itself, is a usual one, or is your own address.", "password")
            : null;
    }

    private static bool IsWeak(string password, string? email, string? phone)
    {
        if (password.Distinct().Count() < FewestDistinct)
        {
            return true;
        }

        // What is left of it when the usual words and the person's own name are taken away must still be a password.
        var rest = password;
        var own = new[] { email, email?.Split('@')[0], phone, phone?.TrimStart('+') }.OfType<string>().Where(part => part.Length >= 4);
        foreach (var word in own.Concat(Usual))
        {
            rest = rest.Replace(word, "", StringComparison.OrdinalIgnoreCase);
        }

        return rest.Length < password.Length && rest.Length < FewestDistinct;
    }
}
