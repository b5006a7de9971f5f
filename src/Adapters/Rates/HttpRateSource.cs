using Microsoft.Extensions.Logging;

namespace StellarPay.Adapters.Rates;

/// <summary>
/// Somebody's server that tells rates. What it told is kept, and given with its time while it does not answer: whoever asked judges its
/// age. Each name has a pause of its own after it failed; that the source itself fails only a name says of which it told a rate before.
/// </summary>
internal sealed partial class HttpRateSource(
    string source, HttpRateOptions options, HttpClient http, RateSourceOptions all, TimeProvider business, TimeProvider time,
    ILogger logger, CancellationToken stop)
{
    private const int MostDoublings = 8;

    // While it does not answer, not everyone who asks waits for it again.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Told> _told = options.Names.Distinct(StringComparer.Ordinal).ToDictionary(
        name => name, name => new Told(name, new Uri(options.UrlOf(name)), RatePath.Parse(options.PathOf(name)), time),
        StringComparer.Ordinal);

    private readonly HttpRateAsking _asking = new(options, http, TimeSpan.FromSeconds(all.SourceTimeoutSeconds), time);

    public string Name => source;

    public IReadOnlyCollection<string> Names => _told.Keys;

    public RateBreaker Breaker { get; } = new(time);

    /// <summary>All that is under way.</summary>
    public Task Readings => Task.WhenAll(_told.Values.Select(told => told.Cell.Reading));

    /// <summary>What it says of something, and what is under way; null where it has no rate of it.</summary>
    public RateLook? Look(string name)
    {
        if (!_told.TryGetValue(name, out var told))
        {
            return null;
        }

        told.Cell.Refresh(() => ReadAsync(told));
        return new RateLook(() => told.Cell.Latest, told.Cell.Reading);
    }

    private async Task<TimeSpan> ReadAsync(Told told)
    {
        using var lease = Breaker.TryEnter();
        if (lease is null)
        {
            return RetryAfter;
        }

        // On trial it is asked about what it told before: that it has none of what a tenant names now says nothing of it.
        var isBack = !lease.IsTrial || Canary() is not { } first || first == told || await TryReadAsync(first, lease);
        if (isBack && !await TryReadAsync(told, lease) && Breaker.IsSuspect)
        {
            // Of one that told nothing yet nothing is lost by asking.
            if (Canary() is { } canary && (canary == told || !await TryReadAsync(canary, lease)) && Breaker.Open())
            {
                LogLeftAlone(logger, source);
            }
        }

        return told.Failures == 0 && isBack ? TimeSpan.FromSeconds(all.RefreshSeconds) : PauseOf(told);
    }

    // Whether the source answered, be it that it has no rate.
    private async Task<bool> TryReadAsync(Told told, RateBreaker.Lease lease)
    {
        var answered = false;
        try
        {
            var (dollars, age) = await _asking.AskAsync(told.Url, told.Path, stop);
            told.Cell.Tell(new RateQuote(source, dollars, business.GetUtcNow() - age));
            told.Succeeded(time.GetTimestamp());
            answered = true;
        }
        catch (RateSourceException exception)
        {
            answered = exception.IsOfName;
            told.Failed();
            LogNotRead(logger, source, told.Name, exception.Message);
        }
        catch (Exception exception)
        {
            // Whatever a stranger's server makes of us, the other sources tell their rates. Without the message, which may hold the URL.
            answered = true;
            told.Failed();
            LogNotRead(logger, source, told.Name, $"Its answer could not be read ({exception.GetType().Name}).");
        }

        if (!answered)
        {
            lease.Failed();
        }
        else if (lease.Answered())
        {
            LogBack(logger, source);
        }

        return answered;
    }

    // The name with the least failures that told a rate before, the latest first.
    private Told? Canary() => _told.Values.Where(told => told.SucceededAt is not null)
        .OrderBy(told => told.Failures).ThenByDescending(told => told.SucceededAt).FirstOrDefault();

    private static TimeSpan PauseOf(Told told)
    {
        var pause = RetryAfter * (1 << Math.Clamp(told.Failures - 1, 0, MostDoublings));
        return pause < LongestRetryAfter ? pause : LongestRetryAfter;
    }

    [LoggerMessage(1540, LogLevel.Warning, "The source {Source} told no rate of {Name}: {Reason}")]
    private static partial void LogNotRead(ILogger logger, string source, string name, string reason);

    [LoggerMessage(1541, LogLevel.Error, "The source {Source} of rates fails again and again, and is asked only now and then until it answers.")]
    private static partial void LogLeftAlone(ILogger logger, string source);

    [LoggerMessage(1542, LogLevel.Information, "The source {Source} of rates answers again.")]
    private static partial void LogBack(ILogger logger, string source);

    private sealed class Told(string name, Uri url, RatePath path, TimeProvider time)
    {
        private readonly Lock _lock = new();
        private int _failures;
        private long? _succeededAt;

        public string Name => name;

        public Uri Url => url;

        public RatePath Path => path;

        public RateCell<RateQuote> Cell { get; } = new(time);

        /// <summary>How often it failed in a row.</summary>
        public int Failures
        {
            get
            {
                lock (_lock)
                {
                    return _failures;
                }
            }
        }

        public long? SucceededAt
        {
            get
            {
                lock (_lock)
                {
                    return _succeededAt;
                }
            }
        }

        public void Succeeded(long now)
        {
            lock (_lock)
            {
                (_failures, _succeededAt) = (0, now);
            }
        }

        public void Failed()
        {
            lock (_lock)
            {
                _failures++;
            }
        }
    }
}
