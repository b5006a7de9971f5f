using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Refunds;

/// <summary>Idempotency keys of requests for refunds, which are their merchant's; and the name of the list of refunds.</summary>
public static class RefundKeys
{
    /// <summary>By which refunds are listed.</summary>
    public const string ListName = "refund";

    /// <summary>How long a key stands for its first answer.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(30);

    /// <summary>Under which a key is stored.</summary>
    public static string HashOf(string key) => IdempotencyLedger.HashOf(IdempotencyLedger.Merchant, key);

    /// <summary>A hash of what makes two requests the same.</summary>
    public static string Fingerprint(params ReadOnlySpan<string?> fields) => IdempotencyLedger.Fingerprint([ListName, .. fields]);

    /// <summary>The refund that was made under a key; an error where it was another request.</summary>
    public static Result<string> Answer(IdempotencyKeyEntry entry, string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return IdempotencyLedger.Answer(entry.Subject, entry.Fingerprint == fingerprint);
    }
}
