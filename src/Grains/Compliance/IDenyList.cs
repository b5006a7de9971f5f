using StellarPay.Grains.Failures;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Grains.Compliance;

/// <summary>Whom nobody here may pay, and who may not pay.</summary>
public interface IDenyList
{
    /// <summary>
    /// Whether any of a party's names is on the list. A user on it is recognised by his wallet's address as well, and a
    /// domain by those below it. Answers from memory, a few seconds old at most.
    /// </summary>
    /// <exception cref="DenyListUnavailableException">The list cannot be read, so that nobody can tell.</exception>
    ValueTask<bool> IsDeniedAsync(PaymentParty party, CancellationToken cancellationToken);
}

/// <summary>One side of a payment by the names that it is known by.</summary>
/// <param name="Address">Its account, <c>G…</c>.</param>
/// <param name="User">The user, where it is known to be one of ours.</param>
/// <param name="Domain">The domain of a federated address, or null.</param>
public sealed record PaymentParty(string Address, UserId? User = null, string? Domain = null);

/// <summary>The deny list cannot be read; nothing is paid until it can.</summary>
public sealed class DenyListUnavailableException : Exception, IPassingFailure
{
    /// <summary>Says why.</summary>
    public DenyListUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
