using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>A refresh token: <c>rt_</c> and 256 random bits. Whoever has it is the user; we keep its SHA-256 only.</summary>
internal static class RefreshToken
{
    private const string Prefix = "rt_";
    private const int RandomBytes = 32;

    public static (string Text, byte[] Hash) New()
    {
        var random = RandomNumberGenerator.GetBytes(RandomBytes);
        return (Prefix + Base64Url.EncodeToString(random), SHA256.HashData(random));
    }

    /// <summary>The hash of a token that has the right form.</summary>
    public static bool TryHash(string? text, [NotNullWhen(true)] out byte[]? hash)
    {
        hash = null;
        Span<byte> random = stackalloc byte[RandomBytes];
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || text.Length != Prefix.Length + Base64Url.GetEncodedLength(RandomBytes)
            // TryDecodeFromChars throws at a character that is none of its own.
            || Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length), random, out _, out var written) != OperationStatus.Done
            || written != RandomBytes)
        {
            return false;
        }

        hash = SHA256.HashData(random);
        return true;
    }
}
