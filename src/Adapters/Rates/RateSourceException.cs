namespace StellarPay.Adapters.Rates;

/// <summary>A source did not tell a rate, and why.</summary>
internal sealed class RateSourceException(string message, Exception? inner = null) : Exception(message, inner);
