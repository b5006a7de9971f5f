using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Stellar.Xdr;

public readonly partial record struct MuxedAccount : ISpanParsable<MuxedAccount>
{
    private const int KeyLength = 32;

    /// <summary>Parses a "G…" or "M…" StrKey.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static MuxedAccount Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var account)
            ? account
            : throw new FormatException("That is not an account: neither a G… nor an M… address.");

    /// <summary>Parses a "G…" or "M…" StrKey.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">It is neither.</exception>
    public static MuxedAccount Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <summary>Parses a "G…" or "M…" StrKey, if it is one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MuxedAccount account)
    {
        account = default;
        if (text.IsEmpty || text[0] != 'M')
        {
            var parsed = AccountId.TryParse(text, out var accountId);
            account = accountId;
            return parsed;
        }
        Span<byte> payload = stackalloc byte[StrKey.MaxPayloadLength];
        if (StrKey.TryDecode(text, StrKeyKind.MuxedAccount, payload, out var length) != StrKeyError.None)
        {
            return false;
        }
        var id = BinaryPrimitives.ReadUInt64BigEndian(payload[KeyLength..length]);
        account = new MuxedAccount(new AccountId(payload[..KeyLength]), id);
        return true;
    }

    /// <summary>Parses a "G…" or "M…" StrKey, if it is one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MuxedAccount account) =>
        TryParse(text.AsSpan(), out account);

    static MuxedAccount IParsable<MuxedAccount>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<MuxedAccount>.TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, out MuxedAccount result) => TryParse(s, out result);

    static MuxedAccount ISpanParsable<MuxedAccount>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<MuxedAccount>.TryParse(
        ReadOnlySpan<char> s, IFormatProvider? provider, out MuxedAccount result) => TryParse(s, out result);

    /// <summary>"M…" if there is an id, otherwise "G…" (SEP-23).</summary>
    public override string ToString()
    {
        if (Id is not { } id)
        {
            return AccountId.ToString();
        }
        Span<byte> payload = stackalloc byte[KeyLength + sizeof(ulong)];
        AccountId.CopyTo(payload);
        BinaryPrimitives.WriteUInt64BigEndian(payload[KeyLength..], id);
        return StrKey.Encode(StrKeyKind.MuxedAccount, payload);
    }
}
