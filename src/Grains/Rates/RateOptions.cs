using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.Rates;

/// <summary>How far the grains trust a rate.</summary>
public sealed class RateOptions
{
    /// <summary>The configuration section; the adapters' settings of where rates come from are in it too.</summary>
    public const string Section = "StellarPay:Rates";

    /// <summary>How old a rate may be, in seconds, and still be counted with.</summary>
    [Range(1, 86_400, ErrorMessage = "StellarPay:Rates:MaxAgeSeconds must be 1 to 86400.")]
    public int MaxAgeSeconds { get; set; } = 300;
}
