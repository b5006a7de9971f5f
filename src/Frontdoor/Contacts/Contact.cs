using System.Security.Cryptography;
using StellarPay.Frontdoor.Recipients;

namespace StellarPay.Frontdoor.Contacts;

/// <summary>Someone whom a user pays, by a name of the user's own.</summary>
/// <param name="Id"><c>ctc_</c> and 24 hexadecimal digits.</param>
/// <param name="Nickname">What the user calls him.</param>
/// <param name="Recipient">A name of <see cref="RecipientName"/>, resolved when it is used.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
internal sealed record Contact(string Id, string Nickname, string Recipient, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public const string Prefix = "ctc_";
    public const int MaxNicknameLength = 40;

    private const int IdBytes = 12;

    public static string NewId() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    public static bool IsId(string text) =>
        text.Length == Prefix.Length + (2 * IdBytes)
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;

    /// <summary>
    /// Reads a nickname, or null. What can be read as a name of another kind, or begins like one, is none: whoever is paid
    /// by it must not depend on what a user called whom.
    /// </summary>
    public static string? ReadNickname(string? typed)
    {
        var name = typed?.Trim();
        return name is null or "" || name.Length > MaxNicknameLength || name[0] is '@' or '+'
            || name.StartsWith(Prefix, StringComparison.Ordinal) || name.Contains('*', StringComparison.Ordinal)
            || name.Any(char.IsControl) || name.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar)
            || RecipientName.Read(name) is not null
            ? null
            : name;
    }
}
