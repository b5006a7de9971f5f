using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// Idempotency keys of requests for sessions. They are their merchant's, for at such a request the session's grain is not known yet: who
/// asks looks for the key first.
/// </summary>
public static class PaymentSessionKeys
{
    /// <summary>Under which a key is stored.</summary>
    public static string HashOf(string key) => IdempotencyLedger.HashOf(IdempotencyLedger.Merchant, key);

    /// <summary>A hash of what makes two requests the same.</summary>
    public static string Fingerprint(params ReadOnlySpan<string?> fields) => IdempotencyLedger.Fingerprint(["payment_session", .. fields]);

    /// <summary>The session that was made under a key; an error where it was another request.</summary>
    public static Result<string> Answer(IdempotencyKeyEntry entry, string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return IdempotencyLedger.Answer(entry.Subject, entry.Fingerprint == fingerprint);
    }
}
