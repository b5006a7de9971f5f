using System.ComponentModel.DataAnnotations;
using System.Globalization;
using StellarPay.Grains.Rates;

namespace StellarPay.Adapters.Rates;

/// <summary>Where rates come from. Section <c>StellarPay:Rates</c>.</summary>
public sealed class RateSourceOptions : IValidatableObject
{
    /// <summary>The configuration section, which <see cref="RateOptions"/> shares.</summary>
    public const string Section = RateOptions.Section;

    private const int MaxPlaces = 12;
    private const int MaxSourceName = 32;
    private const int MaxSources = 10;

    /// <summary>
    /// Fixed prices in US dollars, as decimal strings, by an asset's code (<c>XLM</c>, <c>USDC</c>: one of those that
    /// wallets hold) or <c>CODE-ISSUER</c>. What is named here is not looked up.
    /// </summary>
    public Dictionary<string, string> Prices { get; set; } = new(StringComparer.Ordinal);

    /// <summary>
    /// What units of currencies are worth in US dollars, as decimal strings, by their ISO 4217 codes: the currencies in which merchants can
    /// ask to be paid, besides the dollar.
    /// </summary>
    public Dictionary<string, string> Currencies { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Servers that tell rates of what is not named above, by what we call them.</summary>
    public Dictionary<string, HttpRateOptions> Sources { get; set; } = new(StringComparer.Ordinal);

    /// <summary>How long a source may take for its answer.</summary>
    [Range(1, 10, ErrorMessage = "StellarPay:Rates:SourceTimeoutSeconds must be 1 to 10.")]
    public int SourceTimeoutSeconds { get; set; } = 3;

    /// <summary>How many sources must agree on a rate at least; and always more than half of those that are named for it.</summary>
    [Range(1, 10, ErrorMessage = "StellarPay:Rates:LeastSources must be 1 to 10.")]
    public int LeastSources { get; set; } = 1;

    /// <summary>How far apart rates may be that agree, in percent of the least. What is farther is left out.</summary>
    [Range(1, 50, ErrorMessage = "StellarPay:Rates:MaxApartPercent must be 1 to 50.")]
    public int MaxApartPercent { get; set; } = 5;

    /// <summary>Whether sources may be on this machine: for development and tests.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>Whether other prices come from the network's order book against USDC.</summary>
    public bool? OrderBook { get; set; }

    /// <summary>After how many seconds a price of the order book is read again.</summary>
    [Range(1, 3_600, ErrorMessage = "StellarPay:Rates:RefreshSeconds must be 1 to 3600.")]
    public int RefreshSeconds { get; set; } = 30;

    /// <summary>How far apart the best bid and ask may be, in percent of the bid. A wider book has no price.</summary>
    [Range(1, 100, ErrorMessage = "StellarPay:Rates:MaxSpreadPercent must be 1 to 100.")]
    public int MaxSpreadPercent { get; set; } = 10;

    /// <summary>For how many dollars the order book must have a price; for more where more is asked for.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:Rates:OrderBookDollars must be 1 to 1000000.")]
    public int OrderBookDollars { get; set; } = 1_000;

    /// <summary>
    /// How far the order book's last price may be from the median of five minutes, in percent. One that moves faster has none.
    /// </summary>
    [Range(1, 50, ErrorMessage = "StellarPay:Rates:MaxMovePercent must be 1 to 50.")]
    public int MaxMovePercent { get; set; } = 5;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var wrong in ValidateCurrencies())
        {
            yield return wrong;
        }

        foreach (var wrong in Sources.SelectMany(each => ValidateSource(each.Key, each.Value)))
        {
            yield return wrong;
        }

        foreach (var (name, price) in Prices)
        {
            if (!RateNames.IsAsset(name))
            {
                yield return new ValidationResult($"{Section}:Prices:{name} is the price of nothing: it takes XLM, USDC or CODE-ISSUER.");
            }
            else if (!TryParse(price, out _))
            {
                yield return new ValidationResult(
                    $"{Section}:Prices:{name} must be a decimal number above zero with at most {MaxPlaces} places, such as 0.10.");
            }
        }
    }

    // The name stands in locks of sessions and in metrics.
    private IEnumerable<ValidationResult> ValidateSource(string name, HttpRateOptions source) =>
        name.Length <= MaxSourceName && Sources.Count <= MaxSources
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.')
            ? source.Validate($"{Section}:Sources:{name}", AllowLoopback)
            : [new ValidationResult(
                $"{Section}:Sources:{name} must be called by at most {MaxSourceName} letters, digits, dots and underscores, and be one of at most "
                + $"{MaxSources}.")];

    private IEnumerable<ValidationResult> ValidateCurrencies() => Currencies
        .Where(rate => !RateNames.IsCurrency(rate.Key) || !TryParse(rate.Value, out _) || (rate.Key == FiatRates.Dollar && rate.Value != "1"))
        .Select(rate => new ValidationResult(
            $"{Section}:Currencies:{rate.Key} must be an ISO 4217 code in capitals, and a decimal number above zero with at most {MaxPlaces} "
            + "places, such as 1.08; a dollar is 1."));

    internal static bool TryParse(string? text, out decimal price) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out price)
        && price > 0
        && price.Scale <= MaxPlaces;
}
