using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.Merchants;

/// <summary>On what terms merchants sell.</summary>
public sealed class MerchantOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Merchants";

    /// <summary>The fees of each tier, from 0; a tier beyond the last has the last one's.</summary>
    public MerchantFeeTier[] Tiers { get; set; } = [];

    /// <summary>The fees of a tier.</summary>
    internal MerchantFeeTier FeesOf(int tier) => Tiers.Length == 0 ? MerchantFeeTier.Usual : Tiers[Math.Min(tier, Tiers.Length - 1)];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Tiers.Index()
        .Where(tier => tier.Item is not { BasisPoints: >= 0 and <= 10_000, Fixed: >= 0, Minimum: >= 0, Cap: null or >= 0 }
            || tier.Item.Cap < tier.Item.Minimum)
        .Select(tier => new ValidationResult(
            $"{Section}:Tiers:{tier.Index} must have BasisPoints of 0 to 10000, and Fixed, Minimum and Cap of at least 0, Cap not below Minimum.",
            [nameof(Tiers)]));
}

/// <summary>What the platform takes of a sale.</summary>
public sealed record MerchantFeeTier
{
    /// <summary>The usual one: 1 %.</summary>
    internal static MerchantFeeTier Usual { get; } = new() { BasisPoints = 100 };

    /// <summary>Hundredths of a percent of what counted.</summary>
    public int BasisPoints { get; set; }

    /// <summary>A fixed part besides, in US dollars.</summary>
    public decimal Fixed { get; set; }

    /// <summary>The least, in US dollars.</summary>
    public decimal Minimum { get; set; }

    /// <summary>The most, in US dollars; null for no bound.</summary>
    public decimal? Cap { get; set; }
}
