using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Transport;

namespace StellarPay.Stellar.Horizon.Streaming;

/// <summary>
/// A stream without an end: reconnects from the last record it gave when the connection ends, fails or falls silent,
/// and drops what it gave already.
/// </summary>
internal sealed class HorizonStream<TJson, TRecord>(HorizonTransport transport, JsonTypeInfo<TJson> type)
    where TJson : IHorizonJson<TRecord>
    where TRecord : class, IHorizonRecord
{
    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(1);

    /// <param name="pathFor">The path and query for a cursor.</param>
    /// <param name="cursor">The paging token to begin after.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    internal async IAsyncEnumerable<TRecord> ReadAsync(
        Func<string, string> pathFor, string cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var failures = 0;
        while (true)
        {
            var endpoint = transport.Endpoints.Pick();
            TimeSpan? pause = null;
            var (connection, refusal) = await OpenAsync(endpoint, pathFor(cursor), cursor, cancellationToken)
                .ConfigureAwait(false);
            if (connection is not null)
            {
                await using var closing = connection.ConfigureAwait(false);
                while (true)
                {
                    var (record, failed) = await NextAsync(connection, cancellationToken).ConfigureAwait(false);
                    if (record is null)
                    {
                        pause = failed ? null : Bounded(connection.Retry ?? DefaultRetry);
                        break;
                    }
                    failures = 0;
                    endpoint.Succeed();
                    if (IsAfter(record.PagingToken, cursor))
                    {
                        cursor = record.PagingToken;
                        yield return record;
                    }
                }
            }
            if (pause is null)
            {
                transport.Endpoints.Fail(endpoint);
                pause = Backoff(++failures, refusal?.RetryAfter);
            }
            await Task.Delay(pause.Value, transport.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(HorizonConnection<TRecord>? Connection, HorizonException? Refusal)> OpenAsync(
        HorizonEndpoint endpoint, string path, string cursor, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await HorizonConnection<TRecord>
                .OpenAsync(transport, endpoint, path, cursor, ReadEvent, cancellationToken)
                .ConfigureAwait(false);
            return (connection, null);
        }
        catch (HorizonException exception) when (exception.IsTransient)
        {
            return (null, exception);
        }
        catch (Exception exception) when (HorizonTransport.IsTransportFailure(exception, cancellationToken))
        {
            return (null, null);
        }
    }

    // No record at the end; Failed says whether that was an accident.
    private static async ValueTask<(TRecord? Record, bool Failed)> NextAsync(
        HorizonConnection<TRecord> connection, CancellationToken cancellationToken)
    {
        try
        {
            return (await connection.ReadAsync().ConfigureAwait(false), false);
        }
        catch (Exception exception) when (HorizonTransport.IsTransportFailure(exception, cancellationToken))
        {
            return (null, true);
        }
    }

    // Horizon opens with event "open" and closes with event "close"; neither has a record. The id of an event is its
    // record's paging token, which is read from the record.
    private TRecord? ReadEvent(string eventType, ReadOnlySpan<byte> data) =>
        eventType == SseParser.EventTypeDefault ? HorizonJsonReader.Read<TJson, TRecord>(data, type) : null;

    // Paging tokens of ledgers, transactions and operations are numbers that grow (SEP-35).
    private static bool IsAfter(string token, string cursor) =>
        !ulong.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var next)
        || !ulong.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
        || next > last;

    private TimeSpan Backoff(int failures, TimeSpan? retryAfter)
    {
        if (retryAfter is { } wait && !transport.Endpoints.HasUsable())
        {
            return Bounded(wait);
        }
        var doubled = transport.Options.RetryDelay * Math.Pow(2, Math.Min(failures - 1, 20));
        // Up to a half more, so that clients that lost the same server do not come back as one.
        return Bounded(doubled + (doubled * RandomNumberGenerator.GetInt32(500) / 1000));
    }

    private TimeSpan Bounded(TimeSpan wait) =>
        wait < transport.Options.MaxStreamBackoff ? wait : transport.Options.MaxStreamBackoff;
}
