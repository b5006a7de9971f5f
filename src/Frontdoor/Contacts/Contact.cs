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

    private const int IdBytes = 12;

    public static string NewId() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    public static bool IsId(string text) =>
        text.Length == Prefix.Length + (2 * IdBytes)
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;
}
