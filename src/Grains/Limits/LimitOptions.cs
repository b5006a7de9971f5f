using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using StellarPay.Grains.Money;

namespace StellarPay.Grains.Limits;

/// <summary>What users of each tier may move, in units of the reference currency.</summary>
public sealed class LimitOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Limits";

    /// <summary>The limits of each tier.</summary>
    public TierTable Tiers { get; set; } = new();

    /// <summary>The most in any 24 hours of a user of tier 0 who has no second factor.</summary>
    public string DailyWithoutFactor { get; set; } = "1000";

    /// <summary>How many hours after it was set up a second factor raises that.</summary>
    [Range(1, 720, ErrorMessage = "StellarPay:Limits:FactorCountsAfterHours must be from 1 to 720.")]
    public int FactorCountsAfterHours { get; set; } = 24;

    /// <summary>What a user who has a second factor pays together until he shows it.</summary>
    public string WithoutStepUp { get; set; } = "1000";

    /// <summary>What of that goes to recipients whom he has not paid before with it.</summary>
    public string WithoutStepUpToNewRecipients { get; set; } = "100";

    internal TimeSpan FactorCountsAfter => TimeSpan.FromHours(FactorCountsAfterHours);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var more = new[]
        {
            (nameof(DailyWithoutFactor), DailyWithoutFactor), (nameof(WithoutStepUp), WithoutStepUp),
            (nameof(WithoutStepUpToNewRecipients), WithoutStepUpToNewRecipients),
        };
        foreach (var (name, text) in more)
        {
            if (!Amount.TryParseStroops(text, out _))
            {
                yield return new ValidationResult($"{Section}:{name} must be a decimal string such as 1000.");
            }
        }

        for (var tier = 0; tier < TierTable.Count; tier++)
        {
            foreach (var sentence in Tiers[tier].Faults($"{Section}:Tiers:{tier}"))
            {
                yield return new ValidationResult(sentence);
            }
        }
    }
}

/// <summary>A tier says how well a user is known: 0 by no more than an address, 3 best.</summary>
public sealed class TierTable
{
    /// <summary>How many tiers there are.</summary>
    public const int Count = 4;

    /// <summary>Known by e-mail or phone alone.</summary>
    [ConfigurationKeyName("0")]
    public TierOptions Tier0 { get; set; } = new() { Payment = "10000", Daily = "25000", Monthly = "100000" };

    /// <summary>Name and address given.</summary>
    [ConfigurationKeyName("1")]
    public TierOptions Tier1 { get; set; } = new() { Payment = "25000", Daily = "100000", Monthly = "500000" };

    /// <summary>Identity proven by a document.</summary>
    [ConfigurationKeyName("2")]
    public TierOptions Tier2 { get; set; } = new() { Payment = "100000", Daily = "500000", Monthly = "2000000" };

    /// <summary>Looked at by a person, source of funds included.</summary>
    [ConfigurationKeyName("3")]
    public TierOptions Tier3 { get; set; } = new() { Payment = "1000000", Daily = "5000000", Monthly = "20000000" };

    /// <summary>A tier by its number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such tier.</exception>
    public TierOptions this[int tier] => tier switch
    {
        0 => Tier0,
        1 => Tier1,
        2 => Tier2,
        3 => Tier3,
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "There is no such tier."),
    };
}

/// <summary>The limits of one tier, as decimal strings.</summary>
public sealed class TierOptions
{
    /// <summary>The most of one payment.</summary>
    public string Payment { get; set; } = "";

    /// <summary>The most in any 24 hours.</summary>
    public string Daily { get; set; } = "";

    /// <summary>The most in any 30 days.</summary>
    public string Monthly { get; set; } = "";

    internal IEnumerable<string> Faults(string section)
    {
        var amounts = new[] { (nameof(Payment), Payment), (nameof(Daily), Daily), (nameof(Monthly), Monthly) };
        var before = 0L;
        foreach (var (name, text) in amounts)
        {
            if (!Amount.TryParseStroops(text, out var units))
            {
                yield return $"{section}:{name} must be a decimal string such as 10000.";
            }
            else if (units < before)
            {
                yield return $"{section}:{name} is less than the limit before it (Payment, Daily, Monthly).";
            }

            before = units;
        }
    }
}
