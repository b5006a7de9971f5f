using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Payments;

/// <summary>The header Idempotency-Key: 1 to 255 printable ASCII characters.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    /// <summary>Null if there is a key that will do: by what asks for it money moves, and a repeat must not move it twice.</summary>
    public static Problem? Require(string? key) => key is null
        ? new Problem(
            StatusCodes.Status400BadRequest,
            ErrorTypes.Idempotency,
            "idempotency_key_required",
            $"Send {Header}, a key of your own for this request, so that a repeat of it does not move money twice.",
            Header)
        : Check(key);

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
