using System.Globalization;
using System.Text;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Payments;

/// <summary>A payment's memo as a text and a kind, and as the ledger has it.</summary>
internal static class PaymentMemo
{
    public const int MaxTextBytes = 28;

    private const int HashBytes = 32;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The ledger's memo; null if the text is none of that kind.</summary>
    /// <param name="type"><c>id</c>, <c>hash</c>, or null for text.</param>
    /// <param name="text">The text, a number of 64 bits, or 32 bytes in base64; null for no memo.</param>
    public static Memo? Read(string? type, string? text) => (type, text) switch
    {
        (_, null) => Memo.None,
        (null, _) when IsText(text) => new MemoText(text),
        ("id", _) when ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) => new MemoId(id),
        ("hash", _) when ReadHash(text) is { } hash => new MemoHash(hash),
        _ => null,
    };

    /// <summary>What is wrong with a memo of a kind, as a sentence.</summary>
    public static string RuleOf(string? type) => type switch
    {
        "id" => "A memo of type id is a whole number of at most 64 bits.",
        "hash" => "A memo of type hash is 32 bytes in base64.",
        null => $"The memo must be at most {MaxTextBytes} bytes of text.",
        _ => "The memo's type must be text, id or hash.",
    };

    private static bool IsText(string text)
    {
        try
        {
            return StrictUtf8.GetByteCount(text) <= MaxTextBytes && !text.Contains('\0', StringComparison.Ordinal);
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static Hash? ReadHash(string base64)
    {
        Span<byte> bytes = stackalloc byte[HashBytes];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length == HashBytes ? new Hash(bytes) : null;
    }
}
