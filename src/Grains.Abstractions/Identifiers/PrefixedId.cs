using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StellarPay.Grains.Identifiers;

/// <summary>
/// The shape that all of StellarPay's ids share: a prefix that names the kind, an underscore, and 24 characters of
/// Crockford base 32 in lower case: 48 bits of Unix time in milliseconds, then 72 random bits. Ids of one kind sort by
/// the time they were made, and the longest, with its prefix, fits the 28 bytes of a Stellar text memo.
/// </summary>
internal static class PrefixedId
{
    public const int BodyLength = 24;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int BodyBytes = 15;

    public static string New(string prefix, TimeProvider time)
    {
        Span<byte> bytes = stackalloc byte[BodyBytes + 1];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.GetUtcNow().ToUnixTimeMilliseconds() << 16);
        RandomNumberGenerator.Fill(bytes.Slice(6, BodyBytes - 6));
        return string.Concat(prefix, Encode(bytes[..BodyBytes]));
    }

    public static bool IsValid(string? text, string prefix)
    {
        if (text is null || text.Length != prefix.Length + BodyLength || !text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var c in text.AsSpan(prefix.Length))
        {
            if (!Alphabet.Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    public static string Require(string? text, string prefix, string kind) =>
        IsValid(text, prefix)
            ? text!
            : throw new FormatException($"Not a {kind} id: expected '{prefix}' and {BodyLength} characters of [0-9a-z].");

    /// <summary>The first 64 bits of an id's body, which is known to be valid: the time and the first 16 random bits.</summary>
    public static long LeadingBits(string id, string prefix)
    {
        const int Whole = 12;
        var bits = 0UL;
        var body = id.AsSpan(prefix.Length);
        for (var at = 0; at < Whole; at++)
        {
            bits = (bits << 5) | (uint)Alphabet.IndexOf(body[at], StringComparison.Ordinal);
        }

        // Twelve characters are 60 bits; the first four of the thirteenth's five follow.
        return (long)((bits << 4) | ((uint)Alphabet.IndexOf(body[Whole], StringComparison.Ordinal) >> 1));
    }

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[BodyLength];
        var bits = 0;
        var buffer = 0;
        var at = 0;
        foreach (var b in bytes)
        {
            buffer = (buffer << 8) | b;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[at++] = Alphabet[(buffer >> bits) & 31];
            }

            buffer &= (1 << bits) - 1;
        }

        return new string(text);
    }
}
