using System.ComponentModel.DataAnnotations;
using StellarPay.Frontdoor.Origins;

namespace StellarPay.Frontdoor.Checkout;

/// <summary>The pages where payment sessions are paid. Section <c>StellarPay:Checkout</c>.</summary>
internal sealed class CheckoutOptions : IValidatableObject
{
    public const string Section = "StellarPay:Checkout";

    /// <summary>
    /// The origin of the pages, at which nothing else of ours should be: merchants' words stand on them. While there is none, there are no
    /// pages; in development they are then where the front door listens.
    /// </summary>
    public string Origin { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Origin.Length > 0 && !OurOrigins.IsOrigin(Origin))
        {
            yield return new ValidationResult(
                "StellarPay:Checkout:Origin must be an origin such as https://pay.example.com, without a path; only this machine's own may be "
                + "http.",
                [nameof(Origin)]);
        }
    }
}
