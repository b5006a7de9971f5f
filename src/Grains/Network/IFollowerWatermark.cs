namespace StellarPay.Grains.Network;

/// <summary>How far the follower has come, for whoever must know that nothing more can arrive.</summary>
public interface IFollowerWatermark
{
    /// <summary>
    /// The last ledger whose operations all wallets have, and every ledger's before it; null before the first.
    /// </summary>
    Task<LedgerClose?> GetAsync(CancellationToken cancellationToken);
}
