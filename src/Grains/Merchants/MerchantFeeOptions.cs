using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace StellarPay.Grains.Merchants;

/// <summary>What merchants pay the platform for each payment to them, by their tier.</summary>
public sealed class MerchantFeeOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:MerchantFees";

    /// <summary>How many tiers there are.</summary>
    public const int Tiers = 4;

    /// <summary>Whoever nobody has spoken with.</summary>
    [ConfigurationKeyName("0")]
    public MerchantFee Tier0 { get; set; } = new() { BasisPoints = 100 };

    /// <summary>The second.</summary>
    [ConfigurationKeyName("1")]
    public MerchantFee Tier1 { get; set; } = new() { BasisPoints = 80 };

    /// <summary>The third.</summary>
    [ConfigurationKeyName("2")]
    public MerchantFee Tier2 { get; set; } = new() { BasisPoints = 50 };

    /// <summary>The one with the lowest fees.</summary>
    [ConfigurationKeyName("3")]
    public MerchantFee Tier3 { get; set; } = new() { BasisPoints = 30 };

    /// <summary>A tier by its number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such tier.</exception>
    public MerchantFee this[int tier] => tier switch
    {
        0 => Tier0,
        1 => Tier1,
        2 => Tier2,
        3 => Tier3,
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "There is no such tier."),
    };

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Enumerable.Range(0, Tiers).SelectMany(tier => this[tier].Faults($"{Section}:{tier}")).Select(fault => new ValidationResult(fault));
}

/// <summary>The fee of one payment: a part of it and a fixed amount, together no less than the least and no more than the most.</summary>
public sealed class MerchantFee
{
    private const int AllOfIt = 10_000;

    /// <summary>The part, in hundredths of a percent.</summary>
    public int BasisPoints { get; set; }

    /// <summary>What is added to it, in US dollars, as a decimal string.</summary>
    public string Fixed { get; set; } = "0";

    /// <summary>The least of both, in US dollars, as a decimal string.</summary>
    public string Minimum { get; set; } = "0";

    /// <summary>The most of both, in US dollars, as a decimal string; empty for none.</summary>
    public string Cap { get; set; } = "";

    /// <summary>Whether the platform gives its fee back with what is refunded, share by share; else it keeps the fee.</summary>
    public bool IsReturned { get; set; }

    internal IEnumerable<string> Faults(string section)
    {
        if (BasisPoints is < 0 or > AllOfIt)
        {
            yield return $"{section}:BasisPoints must be from 0 to {AllOfIt}.";
        }

        foreach (var (name, text) in new[] { (nameof(Fixed), Fixed), (nameof(Minimum), Minimum), (nameof(Cap), Cap) })
        {
            if (!IsAmount(text) && !(name == nameof(Cap) && text.Length == 0))
            {
                yield return $"{section}:{name} must be a decimal string such as 0.30.";
            }
        }

        if (IsAmount(Minimum) && IsAmount(Cap) && Of(Minimum) > Of(Cap))
        {
            yield return $"{section}:Minimum must not be more than {section}:Cap.";
        }
    }

    private static decimal Of(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    // No sign, no exponent, at most seven places: as amounts are written everywhere.
    private static bool IsAmount(string text)
    {
        const int MostWhole = 9;
        const int MostPlaces = 7;
        var parts = text.Split('.');
        return parts.Length <= 2
            && parts[0].Length is > 0 and <= MostWhole && parts[0].All(char.IsAsciiDigit)
            && (parts.Length == 1 || (parts[1].Length is > 0 and <= MostPlaces && parts[1].All(char.IsAsciiDigit)));
    }
}
