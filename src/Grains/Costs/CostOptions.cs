using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace StellarPay.Grains.Costs;

/// <summary>What users may cost the platform, and from what amount on a payment is worth its cost.</summary>
public sealed class CostOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Costs";

    /// <summary>The least that a payment is worth, in units of the reference currency, as a decimal string.</summary>
    [Required(ErrorMessage = "StellarPay:Costs:MinimumPayment is missing: a decimal string such as 0.01.")]
    [RegularExpression(@"[0-9]{1,9}(\.[0-9]{1,7})?", ErrorMessage = "StellarPay:Costs:MinimumPayment must be a decimal string such as 0.01.")]
    public string MinimumPayment { get; set; } = "0.01";

    /// <summary>
    /// What each operation of a payment costs its payer when his day's free ones are used up, in units of the reference currency, as a
    /// decimal string; at least what it costs the platform at that moment.
    /// </summary>
    [Required(ErrorMessage = "StellarPay:Costs:OperationFee is missing: a decimal string such as 0.01.")]
    [RegularExpression(@"[0-9]{1,9}(\.[0-9]{1,7})?", ErrorMessage = "StellarPay:Costs:OperationFee must be a decimal string such as 0.01.")]
    public string OperationFee { get; set; } = "0.01";

    /// <summary>How many operations of payments a user has free in a day, by tier.</summary>
    public FreeOperations FreeOperations { get; set; } = new();

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // The validator does not look into what an object holds.
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(FreeOperations, new ValidationContext(FreeOperations), faults, validateAllProperties: true);
        return faults;
    }
}

/// <summary>How many operations on the network a user's payments may use in a day (UTC) without a fee.</summary>
public sealed class FreeOperations
{
    private const int Most = 1_000_000;

    /// <summary>Known by e-mail or phone alone.</summary>
    [ConfigurationKeyName("0")]
    [Range(0, Most, ErrorMessage = "StellarPay:Costs:FreeOperations:0 must be 0 to 1000000.")]
    public int Tier0 { get; set; } = 200;

    /// <summary>Name and address given.</summary>
    [ConfigurationKeyName("1")]
    [Range(0, Most, ErrorMessage = "StellarPay:Costs:FreeOperations:1 must be 0 to 1000000.")]
    public int Tier1 { get; set; } = 500;

    /// <summary>Identity proven by a document.</summary>
    [ConfigurationKeyName("2")]
    [Range(0, Most, ErrorMessage = "StellarPay:Costs:FreeOperations:2 must be 0 to 1000000.")]
    public int Tier2 { get; set; } = 2_000;

    /// <summary>Looked at by a person, source of funds included.</summary>
    [ConfigurationKeyName("3")]
    [Range(0, Most, ErrorMessage = "StellarPay:Costs:FreeOperations:3 must be 0 to 1000000.")]
    public int Tier3 { get; set; } = 10_000;

    /// <summary>Those of a tier; of one beyond the table, those of the nearest.</summary>
    public int Of(int tier) => tier switch
    {
        <= 0 => Tier0,
        1 => Tier1,
        2 => Tier2,
        _ => Tier3,
    };
}
