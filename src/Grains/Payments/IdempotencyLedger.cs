using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Payments;

/// <summary>A request that was answered under an idempotency key.</summary>
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

    public const int MaxEntries = 512;
    public const int MaxKeyLength = 255;
    public const string Quote = "quote";
    public const string Confirm = "confirm";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

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
        if (entry is null)
        {
            return null;
        }

        return entry.Fingerprint == fingerprint
            ? entry.Payment
            : new Error(ErrorKind.Conflict, "idempotency_key_reused",
                "This idempotency key was used before with another request.", Header);
    }

    /// <summary>
    /// Remembers an answer. When so many are remembered that one would have to be forgotten early, which could let a
    /// repeat pay twice, the request is refused instead.
    /// </summary>
    public static Error? Remember(
        List<IdempotencyEntry> entries, string operation, string? key, string fingerprint, string payment, DateTimeOffset now)
    {
        if (key is null)
        {
            return null;
        }

        Prune(entries, now);
        if (entries.Count >= MaxEntries)
        {
            return new Error(ErrorKind.RateLimited, "too_many_requests",
                "This wallet has had too many requests in the last 24 hours. Please try again later.");
        }

        entries.Add(new IdempotencyEntry
        {
            Operation = operation, Key = key, Fingerprint = fingerprint, Payment = payment, At = now,
        });
        return null;
    }

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
