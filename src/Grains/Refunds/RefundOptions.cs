using System.ComponentModel.DataAnnotations;
using StellarPay.Stellar;

namespace StellarPay.Grains.Refunds;

/// <summary>Who can be refunded, and how much of it there may be.</summary>
public sealed class RefundOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Refunds";

    /// <summary>
    /// Accounts from which many people pay, such as exchanges' own: what came from one of them is given back to nobody by its address
    /// alone.
    /// </summary>
    public string[] SharedAddresses { get; set; } = [];

    /// <summary>
    /// How many refunds of one merchant may be under way or wait for money, payer by payer; and as many that payers claimed.
    /// </summary>
    [Range(1, 2_000)]
    public int MostWaiting { get; set; } = 1_000;

    /// <summary>How many payments a merchant's account may try in a day (UTC) to refund, at the platform's cost.</summary>
    [Range(1, 1_000_000)]
    public int MostTriesADay { get; set; } = 10_000;

    /// <summary>
    /// How many refunds of one payment session may be made by its merchant's setting alone, at the platform's cost: what comes beyond that
    /// is held.
    /// </summary>
    [Range(0, 99)]
    public int MostAutomaticOfSession { get; set; } = 5;

    /// <summary>How many refunds of one merchant may be made so in a day (UTC).</summary>
    [Range(0, 1_000_000)]
    public int MostAutomaticADay { get; set; } = 500;

    /// <summary>
    /// How many refunds of one merchant payers may claim themselves in a day (UTC), at the platform's cost; half of it is kept for who paid
    /// half of a price or more.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MostClaimedADay { get; set; } = 500;

    /// <summary>For how many days a refund waits for money before it fails.</summary>
    [Range(1, 365)]
    public int WaitDays { get; set; } = 30;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => SharedAddresses
        .Where(address => !StrKey.IsValid(address, StrKeyKind.AccountId))
        .Select(address => new ValidationResult($"{Section}:SharedAddresses holds '{address}', which is no account's address."));
}
