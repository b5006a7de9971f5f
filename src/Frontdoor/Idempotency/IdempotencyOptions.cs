using System.ComponentModel.DataAnnotations;

namespace StellarPay.Frontdoor.Idempotency;

/// <summary>Idempotency keys of what merchants make and change. Section <c>StellarPay:Idempotency</c>.</summary>
internal sealed class IdempotencyOptions
{
    public const string Section = "StellarPay:Idempotency";

    /// <summary>
    /// How many such keys are remembered of one merchant's requests of a day (UTC). Those of sessions and refunds are not counted: each of
    /// them is a row for ever anyway.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:Idempotency:KeysADay must be from 1 to 1000000.")]
    public int KeysADay { get; set; } = 10_000;
}
