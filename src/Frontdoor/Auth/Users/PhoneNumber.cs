using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>A phone number in E.164: a plus sign and 7 to 15 digits, the first not zero.</summary>
internal static class PhoneNumber
{
    private const int MaxTypedLength = 40;
    private const int MinDigits = 7;
    private const int MaxDigits = 15;

    /// <summary>Reads a number; spaces, dots, dashes and brackets between the digits do not matter.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? number)
    {
        number = null;
        var typed = text?.Trim();
        if (typed is null || typed.Length is 0 or > MaxTypedLength || typed[0] != '+')
        {
            return false;
        }

        var digits = string.Concat(typed.Skip(1).Where(c => !" .-()".Contains(c, StringComparison.Ordinal)));
        if (digits.Length is < MinDigits or > MaxDigits || digits[0] == '0' || !digits.All(char.IsAsciiDigit))
        {
            return false;
        }

        number = "+" + digits;
        return true;
    }
}
