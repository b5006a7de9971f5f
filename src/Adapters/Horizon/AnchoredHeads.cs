using StellarPay.Grains.Audit;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;

namespace StellarPay.Adapters.Horizon;

/// <summary>What the ledger knows of the audit log.</summary>
public static class AnchoredHeads
{
    /// <summary>The head that an account has on the ledger; null where it has none, or is not there.</summary>
    /// <param name="horizon">The way to the ledger.</param>
    /// <param name="account">The notary's address.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="HorizonException">Horizon gave no answer that tells.</exception>
    public static async Task<AuditHead?> ReadAsync(HorizonClient horizon, AccountId account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(horizon);
        return await horizon.Accounts.GetAsync(account, cancellationToken) is { } found
            && found.Data.TryGetValue(AuditHead.EntryName, out var value)
                ? AuditHead.Read(value.AsSpan())
                : null;
    }
}
