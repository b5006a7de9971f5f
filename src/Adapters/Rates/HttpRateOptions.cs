using System.ComponentModel.DataAnnotations;

namespace StellarPay.Adapters.Rates;

/// <summary>Somebody's server that tells rates. Section <c>StellarPay:Rates:Sources:NAME</c>.</summary>
public sealed class HttpRateOptions
{
    /// <summary>What stands for a currency's or an asset's code in <see cref="Url"/> and <see cref="Path"/>.</summary>
    internal const string Code = "{code}";

    private const int MaxNames = 64;

    /// <summary>Where it is asked, with <c>{code}</c> for the code of what is asked about. It may hold a key: it is never logged.</summary>
    public string Url { get; set; } = "";

    /// <summary>Where the rate is in its answer, such as <c>$.rates.{code}</c> or <c>$['data'][0].price</c>.</summary>
    public string Path { get; set; } = "";

    /// <summary>Where its answer says when that was true, in seconds of Unix time or as RFC 3339 has it; null: when it answers.</summary>
    public string? TimePath { get; set; }

    /// <summary>Of what it has rates: ISO 4217 codes of currencies, and assets as <c>XLM</c>, <c>USDC</c> or <c>CODE-ISSUER</c>.</summary>
    public string[] Names { get; set; } = [];

    /// <summary>Whether it tells how many units a dollar is, and not how many dollars a unit.</summary>
    public bool PerDollar { get; set; }

    internal IEnumerable<ValidationResult> Validate(string section, bool allowsLoopback)
    {
        if (!Uri.TryCreate(UrlOf("XLM"), UriKind.Absolute, out var url)
            || !(url.Scheme == Uri.UriSchemeHttps || (allowsLoopback && url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
        {
            yield return new ValidationResult($"{section}:Url must be an https URL.");
        }

        if (!RatePath.TryParse(PathOf("XLM"), out _))
        {
            yield return new ValidationResult($"{section}:Path must say where the rate is, such as $.rates.{Code}.");
        }

        if (TimePath is not null && !RatePath.TryParse(TimePath, out _))
        {
            yield return new ValidationResult($"{section}:TimePath must say where the time is, such as $.timestamp.");
        }

        if (Names.Length is 0 or > MaxNames || !Array.TrueForAll(Names, name => RateNames.IsCurrency(name) || RateNames.IsAsset(name)))
        {
            yield return new ValidationResult(
                $"{section}:Names must be 1 to {MaxNames} of ISO 4217 codes in capitals, XLM, USDC or CODE-ISSUER.");
        }
    }

    internal string UrlOf(string name) => Url.Replace(Code, Uri.EscapeDataString(RateNames.CodeOf(name)), StringComparison.Ordinal);

    internal string PathOf(string name) => Path.Replace(Code, RateNames.CodeOf(name), StringComparison.Ordinal);
}
