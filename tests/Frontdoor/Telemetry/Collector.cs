using System.Collections.Concurrent;
using System.Net;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Telemetry;

/// <summary>
/// Takes what is exported by OTLP over HTTP, as bytes. No ASP.NET Core: its requests would be traced and exported too.
/// </summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _taking;

    public Collector(int port)
    {
        Address = $"http://127.0.0.1:{port}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _taking = TakeAsync();
    }

    public string Address { get; }

    /// <summary>What came, by the signal: <c>/v1/traces</c> or <c>/v1/metrics</c>.</summary>
    public ConcurrentQueue<Place> Exports { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _taking;
        _listener.Close();
    }

    private async Task TakeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext export;
            try
            {
                export = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await export.Request.InputStream.CopyToAsync(body);
            Exports.Enqueue(new Place($"export to {export.Request.Url!.AbsolutePath}", body.ToArray()));
            export.Response.ContentType = "application/x-protobuf";
            export.Response.Close();
        }
    }
}
