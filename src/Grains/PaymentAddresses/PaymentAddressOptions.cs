using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>How many accounts of sessions' own a merchant has opened in a day (UTC), by his tier: each locks the platform's XLM.</summary>
public sealed class PaymentAddressOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:PaymentAddresses";

    /// <summary>Of whoever nobody has spoken with.</summary>
    [Range(0, 1_000_000, ErrorMessage = "StellarPay:PaymentAddresses:Tier0 must be 0 to 1000000.")]
    public int Tier0 { get; set; } = 20;

    /// <summary>Of the second tier.</summary>
    [Range(0, 1_000_000, ErrorMessage = "StellarPay:PaymentAddresses:Tier1 must be 0 to 1000000.")]
    public int Tier1 { get; set; } = 100;

    /// <summary>Of the third.</summary>
    [Range(0, 1_000_000, ErrorMessage = "StellarPay:PaymentAddresses:Tier2 must be 0 to 1000000.")]
    public int Tier2 { get; set; } = 400;

    /// <summary>Of the one with the lowest fees.</summary>
    [Range(0, 1_000_000, ErrorMessage = "StellarPay:PaymentAddresses:Tier3 must be 0 to 1000000.")]
    public int Tier3 { get; set; } = 1_000;

    /// <summary>How many a merchant of a tier has opened in a day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such tier.</exception>
    public int PerDayOf(int tier) => tier switch
    {
        0 => Tier0,
        1 => Tier1,
        2 => Tier2,
        3 => Tier3,
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "There is no such tier."),
    };
}
