using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace StellarPay.Stellar;

/// <summary>
/// StrKey, the text form of Stellar's keys and ids: base 32 of a version byte, a payload and a checksum.
/// Decoding is strict: each key has exactly one text.
/// </summary>
/// <remarks>Source: SEP-23.</remarks>
public static class StrKey
{
    /// <summary>Length of the longest payload: a signed payload of 64 bytes.</summary>
    public const int MaxPayloadLength = 32 + 4 + 64;

    /// <summary>Length of the longest StrKey, in characters.</summary>
    public const int MaxLength = (((MaxPayloadLength + 3) * 8) + 4) / 5;

    private const int MaxBinaryLength = MaxPayloadLength + 3;

    /// <summary>The text form of a payload.</summary>
    /// <param name="kind">What the payload is.</param>
    /// <param name="payload">The bytes, as <see cref="StrKeyKind"/> describes them for the kind.</param>
    /// <exception cref="ArgumentException">The payload breaks the rules of its kind.</exception>
    public static string Encode(StrKeyKind kind, ReadOnlySpan<byte> payload)
    {
        if (!IsPayload(kind, payload))
        {
            throw new ArgumentException(
                $"Those {payload.Length} bytes are not the payload of a {kind}.", nameof(payload));
        }
        Span<byte> binary = stackalloc byte[MaxBinaryLength];
        binary = binary[..(payload.Length + 3)];
        binary[0] = (byte)kind;
        payload.CopyTo(binary[1..]);
        BinaryPrimitives.WriteUInt16LittleEndian(binary[^2..], Crc16.Compute(binary[..^2]));
        Span<char> text = stackalloc char[MaxLength];
        text = text[..Base32.EncodedLength(binary.Length)];
        Base32.Encode(binary, text);
        var encoded = text.ToString();
        CryptographicOperations.ZeroMemory(binary);
        text.Clear();
        return encoded;
    }

    /// <summary>Decodes a StrKey of a given kind.</summary>
    /// <exception cref="FormatException">It is not one. The message does not repeat the text.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text, StrKeyKind kind)
    {
        Span<byte> payload = stackalloc byte[MaxPayloadLength];
        var error = TryDecode(text, kind, payload, out var length);
        return error == StrKeyError.None
            ? payload[..length].ToArray()
            : throw new FormatException($"That is not a StrKey of kind {kind}: {Describe(error)}.");
    }

    /// <summary>Decodes a StrKey of a given kind into a buffer, without allocating.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kind">The only kind that is accepted.</param>
    /// <param name="payload">Receives the payload; <see cref="MaxPayloadLength"/> bytes are always enough.</param>
    /// <param name="length">How many bytes the payload has; 0 when there is an error.</param>
    /// <exception cref="ArgumentException">The payload does not fit into the buffer.</exception>
    public static StrKeyError TryDecode(
        ReadOnlySpan<char> text, StrKeyKind kind, Span<byte> payload, out int length) =>
        TryDecode(text, kind, payload, out _, out length);

    /// <summary>Decodes a StrKey of any kind into a buffer, without allocating.</summary>
    /// <param name="text">The text.</param>
    /// <param name="payload">Receives the payload; <see cref="MaxPayloadLength"/> bytes are always enough.</param>
    /// <param name="kind">What it is; meaningless when there is an error.</param>
    /// <param name="length">How many bytes the payload has; 0 when there is an error.</param>
    /// <exception cref="ArgumentException">The payload does not fit into the buffer.</exception>
    public static StrKeyError TryDecode(
        ReadOnlySpan<char> text, Span<byte> payload, out StrKeyKind kind, out int length) =>
        TryDecode(text, null, payload, out kind, out length);

    /// <summary>Says whether the text is a StrKey of the kind.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text, StrKeyKind kind)
    {
        if (text is null)
        {
            return false;
        }
        Span<byte> payload = stackalloc byte[MaxPayloadLength];
        var error = TryDecode(text, kind, payload, out _);
        CryptographicOperations.ZeroMemory(payload);
        return error == StrKeyError.None;
    }

    /// <summary>An error as the end of a sentence, in lower case.</summary>
    public static string Describe(StrKeyError error) => error switch
    {
        StrKeyError.None => "it is valid",
        StrKeyError.Length => "its length is wrong",
        StrKeyError.Character => "it has a character other than A-Z and 2-7",
        StrKeyError.TrailingBits => "its last character has unused bits that are not zero",
        StrKeyError.Version => "its first characters name no known kind",
        StrKeyError.OtherKind => "it is a key of another kind",
        StrKeyError.Checksum => "its checksum does not match",
        StrKeyError.Payload => "its content breaks the rules of its kind",
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };

    private static StrKeyError TryDecode(
        ReadOnlySpan<char> text, StrKeyKind? only, Span<byte> payload, out StrKeyKind kind, out int length)
    {
        kind = default;
        length = 0;
        if (text.Length is < 4 or > MaxLength)
        {
            return StrKeyError.Length;
        }
        Span<byte> buffer = stackalloc byte[MaxBinaryLength];
        var binary = buffer[..(text.Length * 5 / 8)];
        var error = Base32.Decode(text, binary);
        if (error == StrKeyError.None)
        {
            error = Check(binary);
        }
        if (error == StrKeyError.None)
        {
            kind = (StrKeyKind)binary[0];
            error = only is null || only == kind ? StrKeyError.None : StrKeyError.OtherKind;
        }
        if (error == StrKeyError.None)
        {
            length = binary.Length - 3;
            binary[1..^2].CopyTo(payload);
        }
        // It may have been a seed.
        CryptographicOperations.ZeroMemory(buffer);
        return error;
    }

    private static StrKeyError Check(ReadOnlySpan<byte> binary)
    {
        var kind = (StrKeyKind)binary[0];
        if (!Enum.IsDefined(kind))
        {
            return StrKeyError.Version;
        }
        if (binary.Length < 3 || !IsLength(kind, binary.Length - 3))
        {
            return StrKeyError.Length;
        }
        if (BinaryPrimitives.ReadUInt16LittleEndian(binary[^2..]) != Crc16.Compute(binary[..^2]))
        {
            return StrKeyError.Checksum;
        }
        return IsPayload(kind, binary[1..^2]) ? StrKeyError.None : StrKeyError.Payload;
    }

    private static bool IsLength(StrKeyKind kind, int length) => kind switch
    {
        StrKeyKind.MuxedAccount => length == 40,
        StrKeyKind.ClaimableBalance => length == 33,
        StrKeyKind.SignedPayload => length is >= 40 and <= MaxPayloadLength,
        _ => length == 32,
    };

    private static bool IsPayload(StrKeyKind kind, ReadOnlySpan<byte> payload)
    {
        if (!Enum.IsDefined(kind) || !IsLength(kind, payload.Length))
        {
            return false;
        }
        return kind switch
        {
            StrKeyKind.ClaimableBalance => payload[0] == 0,
            StrKeyKind.SignedPayload => IsSignedPayload(payload),
            _ => true,
        };
    }

    // XDR: the key, a length of 1 to 64, that many bytes, zero bytes up to a multiple of four (CAP-40).
    private static bool IsSignedPayload(ReadOnlySpan<byte> payload)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(payload[32..]);
        if (length is 0 or > 64)
        {
            return false;
        }
        var padded = ((int)length + 3) & ~3;
        return payload.Length == 36 + padded && payload[(36 + (int)length)..].IndexOfAnyExcept((byte)0) < 0;
    }
}
