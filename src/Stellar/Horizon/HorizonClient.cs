using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Transport;

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
public sealed class HorizonClient
{
    /// <summary>The cursor for streaming what happens from now on.</summary>
    public const string Now = "now";

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
        : this(TransportOf(http, options, time))
    {
    }

    private HorizonClient(HorizonTransport transport)
    {
        _transport = transport;
        Accounts = new HorizonAccounts(_transport);
        Ledgers = new HorizonLedgers(_transport);
        Transactions = new HorizonTransactions(_transport);
        Operations = new HorizonOperations(_transport);
        ClaimableBalances = new HorizonClaimableBalances(_transport);
        Market = new HorizonMarket(_transport);
    }

    /// <summary>Accounts, and friendbot.</summary>
    public HorizonAccounts Accounts { get; }

    /// <summary>Ledgers.</summary>
    public HorizonLedgers Ledgers { get; }

    /// <summary>Transactions, and submitting them.</summary>
    public HorizonTransactions Transactions { get; }

    /// <summary>Operations, payments and effects.</summary>
    public HorizonOperations Operations { get; }

    /// <summary>Claimable balances.</summary>
    public HorizonClaimableBalances ClaimableBalances { get; }

    /// <summary>Assets, offers and paths.</summary>
    public HorizonMarket Market { get; }

    /// <summary>
    /// The same client for questions that can wait: its reads fail at once, with <see cref="HorizonException.IsWithheld"/>, while
    /// less than a share is left of the requests that Horizon allows. Both know what either was told is left.
    /// </summary>
    /// <param name="keepPercent">The share that is kept for this client, 1 to 99 percent.</param>
    public HorizonClient Yielding(int keepPercent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keepPercent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keepPercent, 99);
        return new HorizonClient(_transport.Yielding(keepPercent));
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

    private static HorizonTransport TransportOf(HttpClient http, HorizonClientOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        return new HorizonTransport(http, options, time);
    }
}
