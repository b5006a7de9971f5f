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

    /// <summary>Streams of one session at one front door at once.</summary>
    [Range(1, 1000, ErrorMessage = "StellarPay:Checkout:StreamsPerSession must be from 1 to 1000.")]
    public int StreamsPerSession { get; set; } = 20;

    /// <summary>Streams of one IP address at one front door at once.</summary>
    [Range(1, 100_000, ErrorMessage = "StellarPay:Checkout:StreamsPerAddress must be from 1 to 100000.")]
    public int StreamsPerAddress { get; set; } = 50;

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
