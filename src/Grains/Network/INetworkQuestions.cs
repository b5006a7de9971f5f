namespace StellarPay.Grains.Network;

/// <summary>
/// What can be asked of the Stellar network. By itself this is for what users' requests ask: it yields to what pays, and throws
/// <see cref="NetworkUnavailableException"/> with <see cref="NetworkUnavailableException.BusyFor"/> while little is left of what
/// the network allows. Every method throws <see cref="NetworkUnavailableException"/> where the network gives no answer that tells.
/// </summary>
public interface INetworkQuestions
{
    /// <summary>A transaction on the ledger, by its hash or by the inner hash of a fee-bump; null if no ledger holds it.</summary>
    Task<FoundTransaction?> FindTransactionAsync(string hash, CancellationToken cancellationToken);

    /// <summary>The latest ledger that the network closed and that the other methods already see.</summary>
    Task<LedgerClose> GetLatestLedgerAsync(CancellationToken cancellationToken);

    /// <summary>An account, or null if the ledger has none of that address.</summary>
    Task<NetworkAccount?> GetAccountAsync(string address, CancellationToken cancellationToken);

    /// <summary>A claimable balance, or null if the ledger has none of that id, or not any more.</summary>
    /// <param name="id">The balance's id.</param>
    /// <param name="claimant">The account that wants to know when it may claim.</param>
    /// <param name="now">The network's time, from which on it wants to.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<NetworkClaimable?> GetClaimableAsync(
        string id, string claimant, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// The claimable balances of one asset that name an account as a claimant, oldest first: a thousand of them at most,
    /// and where to go on if there are more, for anybody can make as many as he likes.
    /// </summary>
    /// <param name="claimant">The account.</param>
    /// <param name="asset">The asset's canonical form.</param>
    /// <param name="cursor">Where the pages before ended; null to begin.</param>
    /// <param name="now">The network's time.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<NetworkClaimables> ListClaimablesAsync(
        string claimant, string asset, string? cursor, DateTimeOffset now, CancellationToken cancellationToken);
}
