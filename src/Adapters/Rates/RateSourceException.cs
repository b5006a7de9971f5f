namespace StellarPay.Adapters.Rates;

/// <summary>A source did not tell a rate, and why.</summary>
internal sealed class RateSourceException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// Whether the source is there, and only has no rate of what was asked about. What is asked about tenants choose, so this says nothing
    /// of the source.
    /// </summary>
    public bool IsOfName { get; init; }
}
