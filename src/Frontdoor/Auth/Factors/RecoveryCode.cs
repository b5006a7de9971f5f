using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>A code for whoever has lost his authenticator: 80 random bits, sixteen characters in four groups.</summary>
internal readonly record struct RecoveryCode
{
    /// <summary>How many are given at once.</summary>
    public const int Count = 10;

    private const int Length = 16;
    private const int GroupLength = 4;
    private const int LongestTyped = 40;

    // Without i, l, o and u, which are misread.
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private readonly string _text;

    private RecoveryCode(string text) => _text = text;

    public static RecoveryCode[] NewSet() =>
        [.. Enumerable.Range(0, Count).Select(_ => new RecoveryCode(RandomNumberGenerator.GetString(Alphabet, Length)))];

    /// <summary>Reads one as people type it: case, spaces and hyphens do not matter.</summary>
    public static bool TryParse(string? typed, out RecoveryCode code)
    {
        var text = typed is null or { Length: > LongestTyped }
            ? ""
            : string.Concat(typed.Where(c => c is not (' ' or '-'))).ToLowerInvariant();
        code = new RecoveryCode(text);
        return text.Length == Length && text.All(Alphabet.Contains);
    }

    /// <summary>The code, for the one answer that shows it.</summary>
    public string Reveal() => string.Join('-', _text.Chunk(GroupLength).Select(group => new string(group)));

    /// <summary>What is kept of it: a digest under a key that the database does not have, for this user alone.</summary>
    public byte[] HashFor(UserId user, byte[] key) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{user.Value}\0{_text}"));

    [SuppressMessage("Performance", "CA1822", Justification = "What a record writes by itself would be the code.")]
    public override string ToString() => "(code)";
}
