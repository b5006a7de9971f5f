using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Payments;

/// <summary>The header Idempotency-Key: 1 to 255 printable ASCII characters.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    /// <summary>Null if the key will do; no key will do too.</summary>
    public static Problem? Check(string? key) =>
        key is null || (key.Length is > 0 and <= MaxLength && key.All(c => c is >= ' ' and <= '~'))
            ? null
            : new Problem(
                StatusCodes.Status400BadRequest,
                ErrorTypes.Idempotency,
                "idempotency_key_invalid",
                $"{Header} has 1 to {MaxLength} printable ASCII characters.",
                Header);
}
