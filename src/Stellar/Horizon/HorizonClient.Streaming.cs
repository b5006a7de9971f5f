using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Streaming;
using StellarPay.Stellar.Horizon.Transport;

namespace StellarPay.Stellar.Horizon;

// Streams have no end but the caller's. They reconnect from the last record when the connection ends, fails or falls
// silent, with growing pauses and on the next base URL, and never give a record twice. What Horizon leaves out of a
// stream, they cannot know; a reader that must not miss anything compares with pages.
public sealed partial class HorizonClient
{
    /// <summary>The cursor for streaming what happens from now on.</summary>
    public const string Now = "now";

    /// <summary>
    /// Streams payments (see <see cref="GetPaymentsAsync"/> for what these are), without an end.
    /// </summary>
    /// <param name="query">Which ones.</param>
    /// <param name="cursor">The paging token to begin after, "0" for the beginning, or <see cref="Now"/>.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="HorizonException">
    /// Horizon refuses for good (4xx but 408, 425 and 429), or a record cannot be understood.
    /// </exception>
    public IAsyncEnumerable<OperationRecord> StreamPaymentsAsync(
        OperationsQuery query, string cursor, CancellationToken cancellationToken = default) =>
        StreamOperationsAsync("payments", query, cursor, cancellationToken);

    /// <summary>Streams operations, without an end.</summary>
    /// <param name="query">Which ones.</param>
    /// <param name="cursor">The paging token to begin after, "0" for the beginning, or <see cref="Now"/>.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="HorizonException">
    /// Horizon refuses for good (4xx but 408, 425 and 429), or a record cannot be understood.
    /// </exception>
    public IAsyncEnumerable<OperationRecord> StreamOperationsAsync(
        OperationsQuery query, string cursor, CancellationToken cancellationToken = default) =>
        StreamOperationsAsync("operations", query, cursor, cancellationToken);

    /// <summary>Streams transactions, without an end.</summary>
    /// <param name="account">Only those that touch this account; null for all.</param>
    /// <param name="cursor">The paging token to begin after, "0" for the beginning, or <see cref="Now"/>.</param>
    /// <param name="includeFailed">Whether to give failed ones as well.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="HorizonException">
    /// Horizon refuses for good (4xx but 408, 425 and 429), or a record cannot be understood.
    /// </exception>
    public IAsyncEnumerable<TransactionRecord> StreamTransactionsAsync(
        AccountId? account, string cursor, bool includeFailed = false, CancellationToken cancellationToken = default) =>
        StreamAsync(
            () => HorizonPaths.Transactions(account).WithFlag("include_failed", includeFailed),
            cursor,
            HorizonJson.Default.TransactionJson,
            page => GetTransactionsAsync(account, page, includeFailed, cancellationToken),
            cancellationToken);

    /// <summary>Streams ledgers as they close, without an end.</summary>
    /// <param name="cursor">The paging token to begin after, "0" for the beginning, or <see cref="Now"/>.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="HorizonException">
    /// Horizon refuses for good (4xx but 408, 425 and 429), or a record cannot be understood.
    /// </exception>
    public IAsyncEnumerable<LedgerRecord> StreamLedgersAsync(
        string cursor, CancellationToken cancellationToken = default) =>
        StreamAsync(
            () => new HorizonPath("ledgers"),
            cursor,
            HorizonJson.Default.LedgerJson,
            page => GetLedgersAsync(page, cancellationToken),
            cancellationToken);

    private IAsyncEnumerable<OperationRecord> StreamOperationsAsync(
        string kind, OperationsQuery query, string cursor, CancellationToken cancellationToken) =>
        StreamAsync(
            () => HorizonPaths.Operations(kind, query),
            cursor,
            HorizonJson.Default.OperationJson,
            page => GetOperationsAsync(kind, query, page, cancellationToken),
            cancellationToken);

    private async IAsyncEnumerable<TRecord> StreamAsync<TJson, TRecord>(
        Func<HorizonPath> path,
        string cursor,
        JsonTypeInfo<TJson> type,
        Func<PageQuery, Task<HorizonPage<TRecord>>> readPage,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TJson : IHorizonJson<TRecord>
        where TRecord : class, IHorizonRecord
    {
        ArgumentException.ThrowIfNullOrEmpty(cursor);
        if (cursor == Now)
        {
            // A stream from "now" that breaks before its first record would forget what happened meanwhile.
            var last = await readPage(new PageQuery { Descending = true, Limit = 1 }).ConfigureAwait(false);
            cursor = last.NextCursor ?? "0";
        }
        var stream = new HorizonStream<TJson, TRecord>(_transport, type);
        var records = stream.ReadAsync(from => path().With("cursor", from).ToString(), cursor, cancellationToken);
        await foreach (var record in records.ConfigureAwait(false))
        {
            yield return record;
        }
    }
}
