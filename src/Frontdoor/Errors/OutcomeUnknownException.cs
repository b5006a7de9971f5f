namespace StellarPay.Frontdoor.Errors;

/// <summary>A call by which something moves had no answer after it may have begun: whether it was done is not known.</summary>
internal sealed class OutcomeUnknownException(string? payment, Exception cause)
    : Exception("It is not known what came of the call.", cause)
{
    /// <summary>The payment that it was about, where that has an id already; null else.</summary>
    public string? Payment => payment;
}
