using System.Globalization;
using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Transport;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>
/// A client of Horizon, Stellar's HTTP API. Reads are repeated and fail over between the base URLs; a submission is
/// sent once and its answer classified once. Safe for use by several threads.
/// </summary>
/// <remarks>
/// Source: https://developers.stellar.org/docs/data/apis/horizon. Unless said otherwise, reads throw
/// <see cref="HorizonException"/> when Horizon cannot be reached, refuses or cannot be understood, and
/// <see cref="OperationCanceledException"/> when the caller cancels.
/// </remarks>
public sealed partial class HorizonClient
{
    private readonly HorizonClientOptions _options;
    private readonly HorizonTransport _transport;

    /// <summary>A client.</summary>
    /// <param name="http">
    /// Sends the requests; best over <see cref="CreateHandler"/>, and with an infinite
    /// <see cref="HttpClient.Timeout"/>, since the options have the timeouts.
    /// </param>
    /// <param name="options">Where Horizon is, and limits.</param>
    /// <param name="time">The clock for timeouts, pauses and rate limits.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message names it.</exception>
    public HorizonClient(HttpClient http, HorizonClientOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _options = options;
        _transport = new HorizonTransport(http, options, time);
    }

    /// <summary>A handler that suits: no redirects, bounded headers, connections renewed every five minutes.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        MaxResponseHeadersLength = 64,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    };

    /// <summary>What Horizon says of itself and its network.</summary>
    public Task<HorizonRoot> GetRootAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAsync<RootJson, HorizonRoot>("", HorizonJson.Default.RootJson, cancellationToken);

    /// <summary>The fees of the last five ledgers.</summary>
    public Task<FeeStats> GetFeeStatsAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAsync<FeeStatsJson, FeeStats>("fee_stats", HorizonJson.Default.FeeStatsJson, cancellationToken);

    /// <summary>An account; null if it does not exist.</summary>
    public Task<AccountRecord?> GetAccountAsync(AccountId accountId, CancellationToken cancellationToken = default) =>
        _transport.GetOrNullAsync<AccountJson, AccountRecord>(
            $"accounts/{accountId}", HorizonJson.Default.AccountJson, cancellationToken);

    /// <summary>
    /// A transaction by its hash, also by the inner hash of a fee-bump; null if no ledger that Horizon knows has it.
    /// </summary>
    public Task<TransactionRecord?> GetTransactionAsync(Hash hash, CancellationToken cancellationToken = default) =>
        _transport.GetOrNullAsync<TransactionJson, TransactionRecord>(
            $"transactions/{hash}", HorizonJson.Default.TransactionJson, cancellationToken);

    /// <summary>A page of transactions, of one account or of the network.</summary>
    /// <param name="account">Only those that touch this account; null for all.</param>
    /// <param name="page">Which part of the list.</param>
    /// <param name="includeFailed">Whether to list failed ones as well.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<HorizonPage<TransactionRecord>> GetTransactionsAsync(
        AccountId? account, PageQuery page, bool includeFailed = false, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<PageJson<TransactionJson, TransactionRecord>, HorizonPage<TransactionRecord>>(
            HorizonPaths.Transactions(account).With(page).WithFlag("include_failed", includeFailed).ToString(),
            HorizonJson.Default.TransactionPage,
            cancellationToken);

    /// <summary>A ledger by its number; null if Horizon does not have it.</summary>
    public Task<LedgerRecord?> GetLedgerAsync(uint sequence, CancellationToken cancellationToken = default) =>
        _transport.GetOrNullAsync<LedgerJson, LedgerRecord>(
            string.Create(CultureInfo.InvariantCulture, $"ledgers/{sequence}"),
            HorizonJson.Default.LedgerJson,
            cancellationToken);

    /// <summary>A page of ledgers.</summary>
    public Task<HorizonPage<LedgerRecord>> GetLedgersAsync(
        PageQuery page, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<PageJson<LedgerJson, LedgerRecord>, HorizonPage<LedgerRecord>>(
            new HorizonPath("ledgers").With(page).ToString(), HorizonJson.Default.LedgerPage, cancellationToken);

    /// <summary>The last ledger that Horizon knows.</summary>
    /// <exception cref="HorizonException">Horizon knows none yet, or could not be read.</exception>
    public async Task<LedgerRecord> GetLatestLedgerAsync(CancellationToken cancellationToken = default)
    {
        var page = await GetLedgersAsync(new PageQuery { Descending = true, Limit = 1 }, cancellationToken)
            .ConfigureAwait(false);
        return page.Records.Count > 0
            ? page.Records[0]
            : throw new HorizonException("Horizon knows no ledger yet.", isTransient: true);
    }

    /// <summary>A page of operations.</summary>
    public Task<HorizonPage<OperationRecord>> GetOperationsAsync(
        OperationsQuery query, PageQuery page, CancellationToken cancellationToken = default) =>
        GetOperationsAsync("operations", query, page, cancellationToken);

    /// <summary>
    /// A page of those operations that Horizon counts as payments: payments, path payments, created and merged accounts,
    /// and contract calls that move assets. Claimed balances and clawbacks are not among them.
    /// </summary>
    public Task<HorizonPage<OperationRecord>> GetPaymentsAsync(
        OperationsQuery query, PageQuery page, CancellationToken cancellationToken = default) =>
        GetOperationsAsync("payments", query, page, cancellationToken);

    private Task<HorizonPage<OperationRecord>> GetOperationsAsync(
        string kind, OperationsQuery query, PageQuery page, CancellationToken cancellationToken) =>
        _transport.GetAsync<PageJson<OperationJson, OperationRecord>, HorizonPage<OperationRecord>>(
            HorizonPaths.Operations(kind, query).With(page).ToString(),
            HorizonJson.Default.OperationPage,
            cancellationToken);
}
