using System.Net.ServerSentEvents;
using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Transport;

namespace StellarPay.Stellar.Horizon.Streaming;

/// <summary>One open stream, given up after a silence.</summary>
/// <typeparam name="TRecord">What its events hold.</typeparam>
internal sealed class HorizonConnection<TRecord> : IAsyncDisposable
    where TRecord : class
{
    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenSource _either;
    private readonly TimeSpan _allowedSilence;
    private readonly SseParser<TRecord?> _parser;
    private readonly IAsyncEnumerator<SseItem<TRecord?>> _events;

    private HorizonConnection(
        HttpResponseMessage response,
        Stream body,
        HorizonClientOptions options,
        SseItemParser<TRecord?> read,
        CancellationTokenSource silence,
        CancellationToken cancellationToken)
    {
        _response = response;
        _silence = silence;
        _allowedSilence = options.StreamSilence;
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        var bounded = new BoundedEventStream(body, options.MaxStreamEventBytes, RestartSilence);
        _parser = SseParser.Create(bounded, read);
        _events = _parser.EnumerateAsync(_either.Token).GetAsyncEnumerator(CancellationToken.None);
    }

    /// <summary>How long the server asks to wait before reconnecting; null if it has not said.</summary>
    internal TimeSpan? Retry =>
        _parser.ReconnectionInterval == Timeout.InfiniteTimeSpan ? null : _parser.ReconnectionInterval;

    /// <param name="transport">Sends the request.</param>
    /// <param name="endpoint">Where to.</param>
    /// <param name="path">The path and query.</param>
    /// <param name="cursor">The paging token to begin after.</param>
    /// <param name="read">Reads an event's data; null for an event without a record.</param>
    /// <param name="cancellationToken">Ends the connection, now or later.</param>
    /// <exception cref="HorizonException">Horizon refused, with what it said.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or silent for too long.</exception>
    internal static async Task<HorizonConnection<TRecord>> OpenAsync(
        HorizonTransport transport,
        HorizonEndpoint endpoint,
        string path,
        string cursor,
        SseItemParser<TRecord?> read,
        CancellationToken cancellationToken)
    {
        var options = transport.Options;
        var silence = new CancellationTokenSource(options.StreamSilence, transport.Time);
        HttpResponseMessage? response = null;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
            response = await transport.OpenStreamAsync(endpoint, path, cursor, either.Token).ConfigureAwait(false);
            var retryAfter = endpoint.Observe(response);
            if (!response.IsSuccessStatusCode)
            {
                var problem = await BoundedContent.ReadAsync(response.Content, options.MaxResponseBytes, either.Token)
                    .ConfigureAwait(false);
                throw new HorizonException(
                    HorizonJsonReader.ReadError((int)response.StatusCode, problem.Span), retryAfter);
            }
            var body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            return new HorizonConnection<TRecord>(response, body, options, read, silence, cancellationToken);
        }
        catch
        {
            response?.Dispose();
            silence.Dispose();
            throw;
        }
    }

    /// <summary>The next record; null at the stream's end, where an unfinished event is dropped.</summary>
    /// <exception cref="HorizonException">An event is too long, or its record cannot be understood.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or silent for too long.</exception>
    internal async ValueTask<TRecord?> ReadAsync()
    {
        RestartSilence();
        while (await _events.MoveNextAsync().ConfigureAwait(false))
        {
            if (_events.Current.Data is { } record)
            {
                return record;
            }
        }
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync().ConfigureAwait(false);
        _response.Dispose();
        _either.Dispose();
        _silence.Dispose();
    }

    private void RestartSilence() => _silence.CancelAfter(_allowedSilence);
}
