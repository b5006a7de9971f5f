using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Streaming;
using StellarPay.Stellar.Horizon.Transport;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>Transactions: those of closed ledgers, and those to be submitted.</summary>
/// <remarks>Source: https://developers.stellar.org/docs/data/apis/horizon/api-reference/resources/transactions</remarks>
public sealed class HorizonTransactions
{
    private readonly HorizonTransport _transport;

    internal HorizonTransactions(HorizonTransport transport) => _transport = transport;

    /// <summary>
    /// A transaction by its hash, also by the inner hash of a fee-bump; null if no ledger that Horizon knows has it.
    /// </summary>
    public Task<TransactionRecord?> GetAsync(Hash hash, CancellationToken cancellationToken = default) =>
        _transport.GetOrNullAsync<TransactionJson, TransactionRecord>(
            $"transactions/{hash}", HorizonJson.Default.TransactionJson, cancellationToken);

    /// <summary>A page of transactions, of one account or of the network.</summary>
    /// <param name="account">Only those that touch this account; null for all.</param>
    /// <param name="page">Which part of the list.</param>
    /// <param name="includeFailed">Whether to list failed ones as well.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<HorizonPage<TransactionRecord>> GetPageAsync(
        AccountId? account, PageQuery page, bool includeFailed = false, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<PageJson<TransactionJson, TransactionRecord>, HorizonPage<TransactionRecord>>(
            HorizonPaths.Transactions(account).With(page).WithFlag("include_failed", includeFailed).ToString(),
            HorizonJson.Default.TransactionPage,
            cancellationToken);

    /// <summary>Streams transactions, without an end.</summary>
    /// <param name="account">Only those that touch this account; null for all.</param>
    /// <param name="cursor">The paging token to begin after, "0" for the beginning, or <see cref="HorizonClient.Now"/>.</param>
    /// <param name="includeFailed">Whether to give failed ones as well.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="HorizonException">
    /// Horizon refuses for good (4xx but 408, 425 and 429), or a record cannot be understood.
    /// </exception>
    public IAsyncEnumerable<TransactionRecord> StreamAsync(
        AccountId? account, string cursor, bool includeFailed = false, CancellationToken cancellationToken = default) =>
        HorizonStreams.ReadAsync(
            _transport,
            () => HorizonPaths.Transactions(account).WithFlag("include_failed", includeFailed),
            cursor,
            HorizonJson.Default.TransactionJson,
            page => GetPageAsync(account, page, includeFailed, cancellationToken),
            cancellationToken);

    /// <summary>
    /// Submits a signed transaction and waits until a ledger decides, or Horizon gives up waiting. Sent once: whether
    /// and when to send it again is the caller's, by <see cref="SubmitResult.Outcome"/>. Submitting the same envelope
    /// again is always safe, since its sequence number can be used once.
    /// </summary>
    /// <param name="envelope">The signed envelope.</param>
    /// <param name="cancellationToken">
    /// Cancels the waiting, by <see cref="OperationCanceledException"/>; what becomes of the transaction is then unknown.
    /// </param>
    public Task<SubmitResult> SubmitAsync(TransactionEnvelope envelope, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return SubmitAsync(envelope.ToXdrBase64(), cancellationToken);
    }

    /// <summary>Submits as <see cref="SubmitAsync(TransactionEnvelope, CancellationToken)"/> does.</summary>
    /// <param name="envelopeXdr">The signed envelope in base64 XDR.</param>
    /// <param name="cancellationToken">Cancels the waiting; what becomes of the transaction is then unknown.</param>
    public Task<SubmitResult> SubmitAsync(string envelopeXdr, CancellationToken cancellationToken = default) =>
        HorizonSubmission.PostAsync(_transport, "transactions", envelopeXdr, SubmitClassifier.Classify, cancellationToken);

    /// <summary>
    /// Submits a signed transaction without waiting for a ledger: at best the outcome is
    /// <see cref="SubmitOutcome.Unknown"/>, and the hash is to be looked for.
    /// </summary>
    /// <param name="envelopeXdr">The signed envelope in base64 XDR.</param>
    /// <param name="cancellationToken">Cancels the waiting; what becomes of the transaction is then unknown.</param>
    /// <remarks>Source: Horizon, POST /transactions_async.</remarks>
    public Task<SubmitResult> SubmitWithoutWaitingAsync(
        string envelopeXdr, CancellationToken cancellationToken = default) =>
        HorizonSubmission.PostAsync(_transport, "transactions_async", envelopeXdr, SubmitClassifier.ClassifyAsync, cancellationToken);
}
