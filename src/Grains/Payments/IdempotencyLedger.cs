using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Payments;

/// <summary>Only in rows of the version before keys had a table: a request that was answered under an idempotency key.</summary>
[GenerateSerializer, Alias("sp.IdempotencyEntry")]
internal sealed class IdempotencyEntry
{
    /// <summary>The kind of request; the same key may be used once for each.</summary>
    [Id(0)] public string Operation { get; set; } = "";

    [Id(1)] public string Key { get; set; } = "";

    /// <summary>A hash of the request's body.</summary>
    [Id(2)] public string Fingerprint { get; set; } = "";

    /// <summary>The payment that was the answer.</summary>
    [Id(3)] public string Payment { get; set; } = "";

    [Id(4)] public DateTimeOffset At { get; set; }
}

/// <summary>Idempotency keys: the same key with the same body gives the first answer again, with another body an error.</summary>
internal static class IdempotencyLedger
{
    /// <summary>The header that carries the key, as errors name it.</summary>
    public const string Header = "Idempotency-Key";

    public const int MaxKeyLength = 255;
    public const string Quote = "quote";
    public const string Confirm = "confirm";

    /// <summary>How long a key stands for its first answer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The error of a key that is no key, or null.</summary>
    public static Error? Check(string? key) =>
        key is null || (key.Length is >= 1 and <= MaxKeyLength && key.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
            ? null
            : new Error(ErrorKind.InvalidRequest, "idempotency_key_invalid",
                "The idempotency key must be 1 to 255 printable ASCII characters.", Header);

    /// <summary>The payment that was answered before; null if the key is new; or an error if it was used otherwise.</summary>
    public static Result<string>? Find(
        List<IdempotencyEntry> entries, string operation, string? key, string fingerprint, DateTimeOffset now)
    {
        var entry = key is null
            ? null
            : entries.Find(e => e.Operation == operation && e.Key == key && e.At + Lifetime > now);
        return entry is null ? null : Answer(entry.Payment, entry.Fingerprint == fingerprint);
    }

    /// <summary>What a key that was used before says: the first answer, or an error to another request.</summary>
    public static Result<string> Answer(string subject, bool sameRequest) => sameRequest
        ? subject
        : new Error(ErrorKind.Conflict, "idempotency_key_reused",
            "This idempotency key was used before with another request.", Header);

    /// <summary>Under which a key is stored: the same key may be used once for each kind of request.</summary>
    public static string HashOf(string operation, string key) => Fingerprint(operation, key);

    /// <summary>Forgets what is older than 24 hours.</summary>
    public static void Prune(List<IdempotencyEntry> entries, DateTimeOffset now) =>
        entries.RemoveAll(e => e.At + Lifetime <= now);

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
