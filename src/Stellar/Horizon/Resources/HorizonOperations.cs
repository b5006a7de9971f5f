using System.Globalization;
using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Streaming;
using StellarPay.Stellar.Horizon.Transport;

namespace StellarPay.Stellar.Horizon;

/// <summary>Operations of closed ledgers, and what they did to accounts.</summary>
/// <remarks>Source: https://developers.stellar.org/docs/data/apis/horizon/api-reference/resources/operations</remarks>
public sealed class HorizonOperations
{
    private readonly HorizonTransport _transport;

    internal HorizonOperations(HorizonTransport transport) => _transport = transport;

    /// <summary>A page of operations.</summary>
    public Task<HorizonPage<OperationRecord>> GetPageAsync(
        OperationsQuery query, PageQuery page, CancellationToken cancellationToken = default) =>
        GetPageAsync("operations", query, page, cancellationToken);

    /// <summary>
    /// A page of those operations that Horizon counts as payments: payments, path payments, created and merged accounts,
    /// and contract calls that move assets. Claimed balances and clawbacks are not among them.
    /// </summary>
    public Task<HorizonPage<OperationRecord>> GetPaymentsAsync(
        OperationsQuery query, PageQuery page, CancellationToken cancellationToken = default) =>
        GetPageAsync("payments", query, page, cancellationToken);

    /// <summary>
    /// A page of operations of which each is read by itself, for a reader who must get past those that cannot be
    /// understood, and keep them.
    /// </summary>
    public Task<HorizonPage<OperationLine>> GetLinesAsync(
        OperationsQuery query, PageQuery page, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<OperationLinesJson, HorizonPage<OperationLine>>(
            HorizonPaths.Operations("operations", query).With(page).ToString(),
            HorizonJson.Default.OperationLinesJson,
            cancellationToken);

    /// <summary>What an operation did to accounts; at most the first 200 effects.</summary>
    /// <param name="operationId">The operation's id (SEP-35).</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<HorizonPage<EffectRecord>> GetEffectsAsync(long operationId, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<PageJson<EffectJson, EffectRecord>, HorizonPage<EffectRecord>>(
            new HorizonPath(string.Create(CultureInfo.InvariantCulture, $"operations/{operationId}/effects"))
                .With(PageQuery.First)
                .ToString(),
            HorizonJson.Default.EffectPage,
            cancellationToken);

    /// <summary>Streams operations, without an end.</summary>
    /// <param name="query">Which ones.</param>
    /// <param name="cursor">The paging token to begin after, "0" for the beginning, or <see cref="HorizonClient.Now"/>.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="HorizonException">
    /// Horizon refuses for good (4xx but 408, 425 and 429), or a record cannot be understood.
    /// </exception>
    public IAsyncEnumerable<OperationRecord> StreamAsync(
        OperationsQuery query, string cursor, CancellationToken cancellationToken = default) =>
        StreamAsync("operations", query, cursor, cancellationToken);

    /// <summary>
    /// Streams payments (see <see cref="GetPaymentsAsync"/> for what these are), without an end.
    /// </summary>
    /// <param name="query">Which ones.</param>
    /// <param name="cursor">The paging token to begin after, "0" for the beginning, or <see cref="HorizonClient.Now"/>.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="HorizonException">
    /// Horizon refuses for good (4xx but 408, 425 and 429), or a record cannot be understood.
    /// </exception>
    public IAsyncEnumerable<OperationRecord> StreamPaymentsAsync(
        OperationsQuery query, string cursor, CancellationToken cancellationToken = default) =>
        StreamAsync("payments", query, cursor, cancellationToken);

    private Task<HorizonPage<OperationRecord>> GetPageAsync(
        string kind, OperationsQuery query, PageQuery page, CancellationToken cancellationToken) =>
        _transport.GetAsync<PageJson<OperationJson, OperationRecord>, HorizonPage<OperationRecord>>(
            HorizonPaths.Operations(kind, query).With(page).ToString(),
            HorizonJson.Default.OperationPage,
            cancellationToken);

    private IAsyncEnumerable<OperationRecord> StreamAsync(
        string kind, OperationsQuery query, string cursor, CancellationToken cancellationToken) =>
        HorizonStreams.ReadAsync(
            _transport,
            () => HorizonPaths.Operations(kind, query),
            cursor,
            HorizonJson.Default.OperationJson,
            page => GetPageAsync(kind, query, page, cancellationToken),
            cancellationToken);
}
