using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly;
using Polly.Retry;
using StellarPay.Stellar.Horizon.Json;

namespace StellarPay.Stellar.Horizon.Transport;

/// <summary>Sends requests: reads are repeated and fail over to the next base URL; writes are sent once.</summary>
internal sealed class HorizonTransport
{
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _reads;
    private readonly int _keepPercent;

    internal HorizonTransport(HttpClient http, HorizonClientOptions options, TimeProvider time)
    {
        _http = http;
        Options = options;
        Time = time;
        Endpoints = new HorizonEndpoints(options.BaseUrls, options.FailoverCooldown, time);
        _reads = BuildPipeline(options, Endpoints, time);
    }

    private HorizonTransport(HorizonTransport other, int keepPercent)
    {
        (_http, Options, Time, Endpoints, _reads) = (other._http, other.Options, other.Time, other.Endpoints, other._reads);
        _keepPercent = keepPercent;
    }

    internal HorizonClientOptions Options { get; }

    internal TimeProvider Time { get; }

    internal HorizonEndpoints Endpoints { get; }

    /// <summary>The same, but its reads leave a share of what Horizon allows to others.</summary>
    internal HorizonTransport Yielding(int keepPercent) => new(this, keepPercent);

    /// <summary>Reads one resource; null if it does not exist (404).</summary>
    internal async Task<TRecord?> GetOrNullAsync<TJson, TRecord>(
        string path, JsonTypeInfo<TJson> type, CancellationToken cancellationToken)
        where TJson : IHorizonJson<TRecord>
        where TRecord : class
    {
        try
        {
            return await GetAsync<TJson, TRecord>(path, type, cancellationToken).ConfigureAwait(false);
        }
        catch (HorizonException exception) when (exception.Error?.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Reads one resource.</summary>
    internal async Task<TRecord> GetAsync<TJson, TRecord>(
        string path, JsonTypeInfo<TJson> type, CancellationToken cancellationToken)
        where TJson : IHorizonJson<TRecord>
        where TRecord : class
    {
        var body = await _reads.ExecuteAsync(
            async (state, token) => await state.Self.ReadOnceAsync(state.Path, token).ConfigureAwait(false),
            (Self: this, Path: path),
            cancellationToken).ConfigureAwait(false);
        return HorizonJsonReader.Read<TJson, TRecord>(body.Span, type);
    }

    /// <summary>Opens a stream of events; the caller reads and disposes of the answer.</summary>
    internal async Task<HttpResponseMessage> OpenStreamAsync(
        HorizonEndpoint endpoint, string path, string cursor, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint.BaseUrl, path));
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.CacheControl = new() { NoCache = true };
        request.Headers.TryAddWithoutValidation("Last-Event-ID", cursor);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Sends a form once and returns whatever came back. Throws only what <see cref="HttpClient"/> throws, and
    /// <see cref="OperationCanceledException"/> for a timeout as well as for the caller's cancellation.
    /// </summary>
    internal async Task<HorizonAnswer> PostOnceAsync(
        HorizonEndpoint endpoint,
        string path,
        HttpContent content,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint.BaseUrl, path));
        request.Content = content;
        return await SendAsync(endpoint, request, timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets once, for requests whose effect must not be repeated blindly (friendbot).</summary>
    internal async Task<HorizonAnswer> GetOnceAsync(
        HorizonEndpoint endpoint, string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint.BaseUrl, path));
        return await SendAsync(endpoint, request, timeout, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ReadOnlyMemory<byte>> ReadOnceAsync(string path, CancellationToken cancellationToken)
    {
        var endpoint = Endpoints.Pick();
        var limited = endpoint.LimitedFor();
        if (limited > TimeSpan.Zero)
        {
            throw new HorizonException("The rate limit of Horizon is used up.", isTransient: true)
            {
                RetryAfter = limited,
            };
        }
        HorizonAnswer answer;
        try
        {
            answer = _keepPercent == 0
                ? await GetOnceAsync(endpoint, path, Options.ReadTimeout, cancellationToken).ConfigureAwait(false)
                : await GetYieldingAsync(endpoint, path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsTransportFailure(exception, cancellationToken))
        {
            Endpoints.Fail(endpoint);
            throw new HorizonException("Horizon could not be reached.", isTransient: true, exception);
        }
        if (answer.Status == HttpStatusCode.OK)
        {
            endpoint.Succeed();
            return answer.Body;
        }
        var failure = new HorizonException(
            HorizonJsonReader.ReadError((int)answer.Status, answer.Body.Span), answer.RetryAfter);
        if (failure.IsTransient)
        {
            Endpoints.Fail(endpoint);
        }
        throw failure;
    }

    private async Task<HorizonAnswer> GetYieldingAsync(HorizonEndpoint endpoint, string path, CancellationToken cancellationToken)
    {
        if (endpoint.TryYield(_keepPercent) is { } wait)
        {
            throw new HorizonException("What Horizon still allows is kept for other requests.", isTransient: true)
            {
                IsWithheld = true,
                RetryAfter = wait,
            };
        }
        try
        {
            return await GetOnceAsync(endpoint, path, Options.ReadTimeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            endpoint.EndYielding();
        }
    }

    private async Task<HorizonAnswer> SendAsync(
        HorizonEndpoint endpoint, HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token)
            .ConfigureAwait(false);
        var retryAfter = endpoint.Observe(response);
        var body = await BoundedContent.ReadAsync(response.Content, Options.MaxResponseBytes, either.Token)
            .ConfigureAwait(false);
        return new HorizonAnswer(response.StatusCode, body, retryAfter);
    }

    /// <summary>
    /// Whether an exception is the network's doing, or a timeout, rather than the caller's cancellation.
    /// </summary>
    internal static bool IsTransportFailure(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static ResiliencePipeline BuildPipeline(
        HorizonClientOptions options, HorizonEndpoints endpoints, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (options.ReadRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.ReadRetries,
                Delay = options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder().Handle<HorizonException>(exception =>
                    exception is { IsTransient: true, IsWithheld: false } && !(exception.RetryAfter > options.MaxRetryAfter)),
                // Null leaves the exponential delay in force: there is no need to wait where another URL is free.
                DelayGenerator = arguments => ValueTask.FromResult(
                    endpoints.HasUsable() ? null : (arguments.Outcome.Exception as HorizonException)?.RetryAfter),
            });
        }
        return builder.Build();
    }
}
