using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Payments;

/// <summary>Idempotency keys: the same key with the same body gives the first answer again, with another body an error.</summary>
internal static class IdempotencyLedger
{
    /// <summary>The header that carries the key, as errors name it.</summary>
    public const string Header = "Idempotency-Key";

    public const int MaxKeyLength = 255;
    public const string Quote = "quote";
    public const string Confirm = "confirm";
    public const string Schedule = "schedule";

    /// <summary>All that a merchant asks for: a key of his is one, whatever it was used for.</summary>
    public const string Merchant = "merchant";

    /// <summary>How long a key stands for its first answer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The error of a key that is no key, or null.</summary>
    public static Error? Check(string? key) =>
        key is null || (key.Length is >= 1 and <= MaxKeyLength && key.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
            ? null
            : new Error(ErrorKind.InvalidRequest, "idempotency_key_invalid",
                "The idempotency key must be 1 to 255 printable ASCII characters.", Header);

    /// <summary>What a key that was used before says: the first answer, or an error to another request.</summary>
    public static Result<string> Answer(string subject, bool sameRequest) => sameRequest
        ? subject
        : new Error(ErrorKind.Conflict, "idempotency_key_reused",
            "This idempotency key was used before with another request.", Header);

    /// <summary>Who lost the race for a key is told so, and finds the winner's answer when he asks again.</summary>
    public static Error InUse { get; } = new(ErrorKind.Conflict, "idempotency_key_in_use",
        "Another request with this idempotency key was answered at the same moment. Please repeat it.", Header);

    /// <summary>Under which a key is stored: the same key may be used once for each kind of request.</summary>
    public static string HashOf(string operation, string key) => Fingerprint(operation, key);

    /// <summary>A hash of a body's fields, each with its length, so that no two bodies run together.</summary>
    public static string Fingerprint(params ReadOnlySpan<string?> fields)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var field in fields)
        {
            var bytes = field is null ? [] : Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteInt32BigEndian(length, field is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
