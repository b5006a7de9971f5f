using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Transport;

namespace StellarPay.Stellar.Horizon.Streaming;

/// <summary>One open stream, given up after a silence.</summary>
internal sealed class HorizonConnection : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly SseReader _reader;
    private readonly CancellationTokenSource _silence;
    private readonly TimeSpan _allowedSilence;

    private HorizonConnection(
        HttpResponseMessage response, Stream body, HorizonClientOptions options, CancellationTokenSource silence)
    {
        _response = response;
        _reader = new SseReader(body, options.MaxStreamEventBytes);
        _silence = silence;
        _allowedSilence = options.StreamSilence;
    }

    internal TimeSpan? Retry => _reader.Retry;

    /// <exception cref="HorizonException">Horizon refused, with what it said.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or silent for too long.</exception>
    internal static async Task<HorizonConnection> OpenAsync(
        HorizonTransport transport,
        HorizonEndpoint endpoint,
        string path,
        string cursor,
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
            return new HorizonConnection(response, body, options, silence);
        }
        catch
        {
            response?.Dispose();
            silence.Dispose();
            throw;
        }
    }

    /// <summary>The next event; null at the stream's end.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or silent for too long.</exception>
    internal async ValueTask<SseEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        _silence.CancelAfter(_allowedSilence);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _silence.Token);
        return await _reader.ReadAsync(() => _silence.CancelAfter(_allowedSilence), either.Token).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _response.Dispose();
        _silence.Dispose();
    }
}
