using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Transport;

namespace StellarPay.Stellar.Horizon.Streaming;

/// <summary>
/// Streams have no end but the caller's. They reconnect from the last record when the connection ends, fails or falls
/// silent, with growing pauses and on the next base URL, and never give a record twice. What Horizon leaves out of a
/// stream, they cannot know; a reader that must not miss anything compares with pages.
/// </summary>
internal static class HorizonStreams
{
    public static async IAsyncEnumerable<TRecord> ReadAsync<TJson, TRecord>(
        HorizonTransport transport,
        Func<HorizonPath> path,
        string cursor,
        JsonTypeInfo<TJson> type,
        Func<PageQuery, Task<HorizonPage<TRecord>>> readPage,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TJson : IHorizonJson<TRecord>
        where TRecord : class, IHorizonRecord
    {
        ArgumentException.ThrowIfNullOrEmpty(cursor);
        if (cursor == HorizonClient.Now)
        {
            // A stream from "now" that breaks before its first record would forget what happened meanwhile.
            var last = await readPage(new PageQuery { Descending = true, Limit = 1 }).ConfigureAwait(false);
            cursor = last.NextCursor ?? "0";
        }
        var stream = new HorizonStream<TJson, TRecord>(transport, type);
        var records = stream.ReadAsync(from => path().With("cursor", from).ToString(), cursor, cancellationToken);
        await foreach (var record in records.ConfigureAwait(false))
        {
            yield return record;
        }
    }
}
