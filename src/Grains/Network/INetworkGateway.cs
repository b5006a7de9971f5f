using StellarPay.Grains.Results;

namespace StellarPay.Grains.Network;

/// <summary>
/// The way to the Stellar network for what pays: what it asks yields to nothing. Every method but those that submit throws
/// <see cref="NetworkUnavailableException"/> where the network gives no answer that tells.
/// </summary>
public interface INetworkGateway : INetworkQuestions
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

    /// <summary>Has friendbot pay test XLM into an account, created if need be; gives the transaction's hash.</summary>
    Task<Result<string>> FundAsync(string address, CancellationToken cancellationToken);
}
