using StellarPay.Grains.Identifiers;

namespace StellarPay.Adapters.Postgres.Lists;

/// <summary>Which payment sessions transactions were for.</summary>
public interface IPaidSessions
{
    /// <summary>
    /// The sessions of a merchant for which something came by a transaction, at his address or at their own: whatever it was to them. Some,
    /// where there are very many.
    /// </summary>
    /// <param name="merchant">Whose sessions: no others' are told.</param>
    /// <param name="transactionHash">The transaction; of a fee-bump, the outer one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<PaymentSessionId>> FindAsync(MerchantId merchant, string transactionHash, CancellationToken cancellationToken);
}
