using StellarPay.Stellar.Horizon;
using StellarPay.Tests;

namespace StellarPay.Stellar.Tests.Horizon;

/// <summary>A client over a script and a clock that stands still.</summary>
public abstract class HorizonTest : IDisposable
{
    protected const string A = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";
    protected const string B = "GAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QZ6Q";
    protected const string Issuer = "GBB43QBD2IWV7HQQPUNANE2FPU25DUIOW7JBY4QRSL2W6XPEAZS5GWEM";
    protected const string HashHex = "240eca11c3efcd5e6cdeed8d090ea25d45fe0871caeb4d8d205dc0b8634f1b38";
    private readonly HttpClient _http;

    protected HorizonTest() => _http = new HttpClient(Handler) { Timeout = Timeout.InfiniteTimeSpan };

    internal ScriptedHandler Handler { get; } = new();

    internal TestClock Time { get; } = new();

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    protected HorizonClient Client(params string[] baseUrls) => Client(options => options, baseUrls);

    protected HorizonClient Client(Func<HorizonClientOptions, HorizonClientOptions> change, params string[] baseUrls)
    {
        string[] urls = baseUrls.Length > 0 ? baseUrls : ["http://one.example"];
        var options = new HorizonClientOptions { BaseUrls = [.. urls.Select(url => new Uri(url))] };
        return new HorizonClient(_http, change(options), Time);
    }
}
