using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace StellarPay.Frontdoor.Auth.Codes;

/// <summary>
/// A code that is good without a login and without a count of tries: 25 letters and digits in five groups (125 bits). Letters that pass
/// for digits are not among them, and are read as those.
/// </summary>
internal sealed class LongCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 25;
    private const int Group = 5;
    private const int MostTyped = 64;

    private readonly string _text;

    private LongCode(string text) => _text = text;

    public static LongCode New() => new(RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>Reads a code as people type it: the case, spaces and hyphens do not matter.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out LongCode? code)
    {
        var typed = text.Length > MostTyped ? "" : string.Concat(text.Where(c => c is not (' ' or '-'))).ToUpperInvariant()
            .Replace('O', '0').Replace('I', '1').Replace('L', '1');
        code = typed.Length == Length && typed.All(c => Alphabet.Contains(c, StringComparison.Ordinal)) ? new LongCode(typed) : null;
        return code is not null;
    }

    /// <summary>As it is sent.</summary>
    public string Reveal() => string.Join('-', _text.Chunk(Group).Select(group => new string(group)));

    /// <summary>What is kept of it.</summary>
    public byte[] HashFor(byte[] key) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(_text));

    // It is a secret.
    public override string ToString() => nameof(LongCode);
}
