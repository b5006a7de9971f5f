using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains;
using StellarPay.Grains.Rates;
using StellarPay.Stellar.Domains;

namespace StellarPay.Adapters.Rates;

/// <summary>All servers that tell rates, asked at once, and what most of them agree upon.</summary>
internal sealed class HttpRates : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly HttpClient _http;
    private readonly HttpRateSource[] _sources;
    private readonly RateSourceOptions _options;
    private readonly TimeSpan _maxAge;
    private readonly TimeProvider _business;
    private readonly CancellationTokenSource _stop = new();

    public HttpRates(
        IOptions<RateSourceOptions> options, IOptions<RateOptions> trust, [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
        TimeProvider time, ILogger<HttpRateSource> logger)
    {
        (_options, _business, _maxAge) = (options.Value, business, TimeSpan.FromSeconds(trust.Value.MaxAgeSeconds));
        var handler = PublicInternet.CreateHandler(new ConnectionRules { AllowsLoopback = _options.AllowLoopback });
        handler.AllowAutoRedirect = false;
        // The time is the source's own, by the clock of tests too.
        _http = new HttpClient(handler) { MaxResponseContentBufferSize = MaxAnswerBytes, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("StellarPay");
        _sources =
        [
            .. _options.Sources.OrderBy(source => source.Key, StringComparer.Ordinal)
                .Select(source => new HttpRateSource(source.Key, source.Value, _http, _options, business, time, logger, _stop.Token)),
        ];
        RateTelemetry.Watch(_sources);
    }

    /// <summary>All that is under way.</summary>
    internal Task Readings => Task.WhenAll(_sources.Select(source => source.Readings));

    /// <summary>What is told of a currency or an asset, by this name in the settings, and by another source besides.</summary>
    public Task<RateQuote?> FindAsync(string name, RateLook? other, CancellationToken cancellationToken)
    {
        RateLook[] looks =
        [
            .. _sources.Select(source => source.Look(name)).OfType<RateLook>(),
            .. other is null ? Array.Empty<RateLook>() : [other],
        ];
        // Of all that were named and not of those that happen to answer: else whoever can silence the others decides.
        return AgreeAsync(looks, Math.Max(_options.LeastSources, (looks.Length / 2) + 1), cancellationToken);
    }

    /// <summary>
    /// What so many of these agree upon. Waits for what is under way only where what was told before is too old or too little.
    /// </summary>
    public async Task<RateQuote?> AgreeAsync(IReadOnlyList<RateLook> looks, int least, CancellationToken cancellationToken)
    {
        if (Agreed(YoungOf(looks), least) is { } known)
        {
            return known;
        }

        await Task.WhenAll(looks.Select(look => look.Reading)).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        // What is too old for all is given with its age: whoever asked says so.
        var young = YoungOf(looks);
        return Agreed(young.Length > 0 ? young : [.. looks.Select(look => look.Latest()).OfType<RateQuote>()], least);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _http.Dispose();
    }

    private RateQuote[] YoungOf(IReadOnlyList<RateLook> looks)
    {
        var now = _business.GetUtcNow();
        return [.. looks.Select(look => look.Latest()).OfType<RateQuote>().Where(quote => now - quote.At <= _maxAge)];
    }

    private RateQuote? Agreed(IReadOnlyCollection<RateQuote> quotes, int least)
    {
        var rate = RateMedian.Of(quotes, least, _options.MaxApartPercent, out var dropped);
        foreach (var quote in dropped)
        {
            RateTelemetry.Dropped(quote.Source);
        }

        return rate;
    }
}
