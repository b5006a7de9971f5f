namespace StellarPay.Stellar.Domains;

/// <summary>A domain's stellar.toml or federation server is out of reach, or does not answer as it should.</summary>
public sealed class DomainException : Exception
{
    /// <summary>An exception.</summary>
    /// <param name="message">What happened, as a sentence that names the domain.</param>
    /// <param name="innerException">The cause.</param>
    public DomainException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
