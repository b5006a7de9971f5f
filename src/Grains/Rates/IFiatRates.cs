namespace StellarPay.Grains.Rates;

/// <summary>What units of currencies are worth in US dollars, in which merchants' prices are compared.</summary>
public interface IFiatRates
{
    /// <summary>The latest rate that is known of a currency, however old; null where there is none. A dollar is a dollar.</summary>
    /// <param name="currency">An ISO 4217 code in capitals.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<FiatRate?> FindAsync(string currency, CancellationToken cancellationToken);
}

/// <summary>What one unit of a currency is worth.</summary>
/// <param name="Currency">An ISO 4217 code in capitals.</param>
/// <param name="Dollars">US dollars for one unit; above zero.</param>
/// <param name="Source">Whence it is.</param>
/// <param name="At">When it was true, by business time.</param>
public sealed record FiatRate(string Currency, decimal Dollars, string Source, DateTimeOffset At);
