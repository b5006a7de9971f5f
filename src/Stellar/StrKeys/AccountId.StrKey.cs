using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Stellar;

public readonly partial struct AccountId : ISpanParsable<AccountId>
{
    /// <summary>Parses a "G…" StrKey.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static AccountId Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var accountId)
            ? accountId
            : throw new FormatException("That is not an account id (56 characters that begin with G).");

    /// <summary>Parses a "G…" StrKey.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">It is not one.</exception>
    public static AccountId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <summary>Parses a "G…" StrKey, if it is one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AccountId accountId)
    {
        Span<byte> payload = stackalloc byte[StrKey.MaxPayloadLength];
        if (StrKey.TryDecode(text, StrKeyKind.AccountId, payload, out var length) != StrKeyError.None)
        {
            accountId = default;
            return false;
        }
        accountId = new AccountId(payload[..length]);
        return true;
    }

    /// <summary>Parses a "G…" StrKey, if it is one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AccountId accountId) =>
        TryParse(text.AsSpan(), out accountId);

    static AccountId IParsable<AccountId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<AccountId>.TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, out AccountId result) => TryParse(s, out result);

    static AccountId ISpanParsable<AccountId>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<AccountId>.TryParse(
        ReadOnlySpan<char> s, IFormatProvider? provider, out AccountId result) => TryParse(s, out result);

    /// <summary>The account id as a "G…" StrKey, 56 characters.</summary>
    public override string ToString()
    {
        Span<byte> key = stackalloc byte[32];
        CopyTo(key);
        return StrKey.Encode(StrKeyKind.AccountId, key);
    }
}
