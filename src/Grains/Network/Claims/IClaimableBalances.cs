using StellarPay.Grains.Money;

namespace StellarPay.Grains.Network.Claims;

/// <summary>
/// The claimable balances that wallets of ours created or may claim. The ledger names them by id alone when they are
/// claimed or clawed back; here is what they were.
/// </summary>
public interface IClaimableBalances
{
    /// <summary>Remembers balances; those that are known stay as they are.</summary>
    Task AddAsync(IReadOnlyCollection<CreatedBalance> balances, CancellationToken cancellationToken);

    /// <summary>Those of the ids that are known.</summary>
    Task<IReadOnlyDictionary<string, CreatedBalance>> FindAsync(
        IReadOnlyCollection<string> balanceIds, CancellationToken cancellationToken);
}

/// <summary>A claimable balance at its creation.</summary>
/// <param name="BalanceId">Its id in hex.</param>
/// <param name="Creator">Who paid it.</param>
/// <param name="Amount">How much of what.</param>
/// <param name="Ledger">The ledger that has its creation.</param>
public sealed record CreatedBalance(string BalanceId, string Creator, Amount Amount, long Ledger);
