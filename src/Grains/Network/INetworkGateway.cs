using StellarPay.Grains.Results;

namespace StellarPay.Grains.Network;

/// <summary>
/// The way to the Stellar network. Every method but those that submit throws <see cref="NetworkUnavailableException"/> where the network gives no answer that tells.
/// </summary>
public interface INetworkGateway
{
    /// <summary>
    /// Submits a signed envelope and waits for the ledger that decides, as long as the network lets one. Trouble on the
    /// way is an answer too (<see cref="SubmissionOutcome.Unknown"/>), never an exception other than cancellation.
    /// </summary>
    /// <param name="envelope">The envelope in base64 XDR.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<SubmissionReport> SubmitAsync(string envelope, CancellationToken cancellationToken);

    /// <summary>
    /// Submits as <see cref="SubmitAsync"/> does, but does not wait for a ledger where the network can take a transaction
    /// without: at best the answer is <see cref="SubmissionOutcome.Pending"/>.
    /// </summary>
    /// <param name="envelope">The envelope in base64 XDR.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<SubmissionReport> SubmitWithoutWaitingAsync(string envelope, CancellationToken cancellationToken);

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

    /// <summary>Has friendbot pay test XLM into an account, created if need be; gives the transaction's hash.</summary>
    Task<Result<string>> FundAsync(string address, CancellationToken cancellationToken);
}
