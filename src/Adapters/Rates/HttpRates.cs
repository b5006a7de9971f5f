using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains;
using StellarPay.Grains.Rates;
using StellarPay.Stellar.Domains;

namespace StellarPay.Adapters.Rates;

/// <summary>All servers that tell rates, asked at once, and what they agree upon.</summary>
internal sealed class HttpRates : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly HttpClient _http;
    private readonly HttpRateSource[] _sources;
    private readonly RateSourceOptions _options;
    private readonly TimeSpan _maxAge;
    private readonly TimeProvider _business;

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
                .Select(source => new HttpRateSource(source.Key, source.Value, _http, _options, business, time, logger)),
        ];
        RateTelemetry.Watch(_sources);
    }

    /// <summary>Whether any source has rates of it.</summary>
    public bool Has(string name) => Array.Exists(_sources, source => source.Names.Contains(name));

    /// <summary>What is told of a currency or an asset, by this name in the settings, and by others besides.</summary>
    public async Task<RateQuote?> FindAsync(string name, IEnumerable<RateQuote> others, CancellationToken cancellationToken)
    {
        var told = await Task.WhenAll(_sources.Select(source => source.FindAsync(name, cancellationToken)));
        var all = told.OfType<RateQuote>().Concat(others).ToArray();
        var now = _business.GetUtcNow();
        var fresh = all.Where(quote => now - quote.At <= _maxAge).ToArray();
        // What is too old for all is given with its age: whoever asked says so.
        var rate = RateMedian.Of(fresh.Length > 0 ? fresh : all, _options.LeastSources, _options.MaxApartPercent, out var dropped);
        foreach (var quote in dropped)
        {
            RateTelemetry.Dropped(quote.Source);
        }

        return rate;
    }

    public void Dispose() => _http.Dispose();
}
