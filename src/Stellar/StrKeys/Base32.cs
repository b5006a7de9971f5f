namespace StellarPay.Stellar;

/// <summary>Base 32 without padding, decoding strictly.</summary>
/// <remarks>Source: RFC 4648 section 6, as SEP-23 narrows it.</remarks>
internal static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    internal static int EncodedLength(int bytes) => ((bytes * 8) + 4) / 5;

    internal static void Encode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        uint buffer = 0;
        var bits = 0;
        var written = 0;
        foreach (var value in bytes)
        {
            buffer = (buffer << 8) | value;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[written++] = Alphabet[(int)((buffer >> bits) & 31)];
            }
        }
        if (bits > 0)
        {
            text[written] = Alphabet[(int)((buffer << (5 - bits)) & 31)];
        }
    }

    /// <summary>Decodes into exactly <c>text.Length * 5 / 8</c> bytes of the buffer.</summary>
    internal static StrKeyError Decode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        // 1, 3 or 6 characters past a group of eight cannot come from whole bytes.
        if ((text.Length & 7) is 1 or 3 or 6)
        {
            return StrKeyError.Length;
        }
        uint buffer = 0;
        var bits = 0;
        var written = 0;
        foreach (var character in text)
        {
            var value = Value(character);
            if (value < 0)
            {
                return StrKeyError.Character;
            }
            buffer = (buffer << 5) | (uint)value;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[written++] = (byte)(buffer >> bits);
            }
        }
        return (buffer & ((1u << bits) - 1)) == 0 ? StrKeyError.None : StrKeyError.TrailingBits;
    }

    private static int Value(char character) => character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= '2' and <= '7' => character - '2' + 26,
        _ => -1,
    };
}
