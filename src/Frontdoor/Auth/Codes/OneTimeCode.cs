using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StellarPay.Frontdoor.Auth.Codes;

/// <summary>
/// A code that somebody is sent and enters once: eight digits, of which there are a hundred million, for a few tries; or one at length.
/// </summary>
internal readonly record struct OneTimeCode
{
    private const int Digits = 8;
    private const int Codes = 100_000_000;
    private const int LongestTyped = 32;

    private readonly string? _digits;
    private readonly LongCode? _long;

    private OneTimeCode(string digits) => _digits = digits;

    private OneTimeCode(LongCode code) => _long = code;

    /// <summary>Whether it cannot be guessed, so that its tries are not counted.</summary>
    public bool IsLong => _long is not null;

    public static OneTimeCode New() =>
        new(RandomNumberGenerator.GetInt32(Codes).ToString($"D{Digits}", CultureInfo.InvariantCulture));

    public static OneTimeCode NewLong() => new(LongCode.New());

    /// <summary>Reads one as people type it: spaces and hyphens do not matter.</summary>
    public static bool TryParse(string? typed, out OneTimeCode code)
    {
        code = default;
        if (typed is null)
        {
            return false;
        }

        var digits = typed.Length > LongestTyped ? "" : string.Concat(typed.Where(c => c is not (' ' or '-')));
        if (digits.Length == Digits && digits.All(char.IsAsciiDigit))
        {
            code = new OneTimeCode(digits);
            return true;
        }

        if (!LongCode.TryParse(typed, out var longCode))
        {
            return false;
        }

        code = new OneTimeCode(longCode);
        return true;
    }

    /// <summary>As it is written in the message that brings it and nowhere else.</summary>
    public string Reveal() => _long?.Reveal() ?? _digits!;

    /// <summary>What is kept of it: a digest under a key that the database does not have, and for this one use.</summary>
    public byte[] HashFor(string use, byte[] key) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{use}\0{Reveal()}"));

    [SuppressMessage("Performance", "CA1822", Justification = "What a record writes by itself would be the code.")]
    public override string ToString() => "(code)";
}
