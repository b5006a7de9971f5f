using System.Net;
using Microsoft.Extensions.Logging;

namespace StellarPay.Adapters.Rates;

/// <summary>A rate as a source tells it.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Dollars">US dollars for a unit.</param>
/// <param name="At">When it was true, by business time.</param>
internal sealed record RateQuote(string Source, decimal Dollars, DateTimeOffset At);

/// <summary>
/// Somebody's server that tells rates. What it told is kept for a while, and given with its time while it does not answer: whoever asked
/// judges its age. Each name is asked about by one at a time.
/// </summary>
internal sealed partial class HttpRateSource(
    string source, HttpRateOptions options, HttpClient http, RateSourceOptions all, TimeProvider business, TimeProvider time,
    ILogger logger)
{
    // While it does not answer, not everyone who asks waits for it again.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Told> _told = options.Names.Distinct(StringComparer.Ordinal).ToDictionary(
        name => name, name => new Told(new Uri(options.UrlOf(name)), RatePath.Parse(options.PathOf(name))), StringComparer.Ordinal);

    private readonly RatePath? _timePath = options.TimePath is { } path ? RatePath.Parse(path) : null;

    public string Name => source;

    public IReadOnlyCollection<string> Names => _told.Keys;

    public RateBreaker Breaker { get; } = new(time);

    /// <summary>The latest that it told of something; null where it told nothing yet, or has no rate of it.</summary>
    public async Task<RateQuote?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!_told.TryGetValue(name, out var told))
        {
            return null;
        }

        if (IsFresh(told))
        {
            return told.Latest;
        }

        await told.Turn.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh(told) && Breaker.TryEnter())
            {
                await ReadAsync(name, told, cancellationToken);
            }

            return told.Latest;
        }
        finally
        {
            told.Turn.Release();
        }
    }

    private bool IsFresh(Told told) => told.ReadAt is { } at && time.GetElapsedTime(at) < told.ReadAgainAfter;

    private async Task ReadAsync(string name, Told told, CancellationToken cancellationToken)
    {
        try
        {
            var (dollars, age) = await AskAsync(told, cancellationToken);
            told.Latest = new RateQuote(source, dollars, business.GetUtcNow() - age);
            told.ReadAgainAfter = TimeSpan.FromSeconds(all.RefreshSeconds);
            if (Breaker.Succeeded())
            {
                LogBack(logger, source);
            }
        }
        catch (RateSourceException exception)
        {
            told.ReadAgainAfter = RetryAfter;
            LogNotRead(logger, source, name, exception.Message);
            if (Breaker.Failed())
            {
                LogLeftAlone(logger, source);
            }
        }
        catch (OperationCanceledException)
        {
            Breaker.Abandoned();
            throw;
        }

        told.ReadAt = time.GetTimestamp();
    }

    private async Task<(decimal Dollars, TimeSpan Age)> AskAsync(Told told, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(all.SourceTimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            // Reads no more of the body than the client allows.
            using var answer = await http.GetAsync(told.Url, either.Token);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new RateSourceException($"It answered {(int)answer.StatusCode}.");
            }

            using var document = RateDocument.Parse(await answer.Content.ReadAsByteArrayAsync(either.Token));
            return (
                RateDocument.DollarsOf(document.RootElement, told.Path, options.PerDollar),
                _timePath is null ? TimeSpan.Zero : RateDocument.AgeOf(document.RootElement, _timePath, time.GetUtcNow()));
        }
        catch (HttpRequestException exception)
        {
            // Without the message: it may name the URL, and that may hold a key.
            throw new RateSourceException(
                exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded ? "Its answer is too long." : "It cannot be reached.",
                exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RateSourceException("It took too long.", exception);
        }
    }

    [LoggerMessage(1540, LogLevel.Warning, "The source {Source} told no rate of {Name}: {Reason}")]
    private static partial void LogNotRead(ILogger logger, string source, string name, string reason);

    [LoggerMessage(1541, LogLevel.Error, "The source {Source} of rates fails again and again, and is asked only now and then until it answers.")]
    private static partial void LogLeftAlone(ILogger logger, string source);

    [LoggerMessage(1542, LogLevel.Information, "The source {Source} of rates answers again.")]
    private static partial void LogBack(ILogger logger, string source);

    private sealed class Told(Uri url, RatePath path)
    {
        public Uri Url => url;

        public RatePath Path => path;

        public SemaphoreSlim Turn { get; } = new(1, 1);

        public RateQuote? Latest { get; set; }

        public long? ReadAt { get; set; }

        public TimeSpan ReadAgainAfter { get; set; }
    }
}
