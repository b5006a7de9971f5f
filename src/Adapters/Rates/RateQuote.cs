namespace StellarPay.Adapters.Rates;

/// <summary>A rate as a source tells it.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Dollars">US dollars for a unit.</param>
/// <param name="At">When it was true, by business time.</param>
internal sealed record RateQuote(string Source, decimal Dollars, DateTimeOffset At);
