using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.Costs;

/// <summary>What users may cost the platform, and from what amount on a payment is worth its cost.</summary>
public sealed class CostOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Costs";

    /// <summary>The least that a payment is worth, in units of the reference currency, as a decimal string.</summary>
    [Required(ErrorMessage = "StellarPay:Costs:MinimumPayment is missing: a decimal string such as 0.01.")]
    [RegularExpression(@"[0-9]{1,9}(\.[0-9]{1,7})?", ErrorMessage = "StellarPay:Costs:MinimumPayment must be a decimal string such as 0.01.")]
    public string MinimumPayment { get; set; } = "0.01";
}
