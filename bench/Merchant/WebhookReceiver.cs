using System.Text.Json;
using StellarPay.Bench.Wallet.Load;

namespace StellarPay.Bench.Merchant;

/// <summary>A shop's server that takes what it is sent, and notes how long after its ledger's close each payment came.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private int _taken;

    private WebhookReceiver(WebApplication server) => _server = server;

    /// <summary>Where it is called.</summary>
    public Uri Address => new(new Uri(_server.Urls.Single()), "hook");

    /// <summary>How many it has taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>From the ledger's close to the delivery.</summary>
    public Series Delays { get; } = new();

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        receiver._server.MapPost("/hook", receiver.TakeAsync);
        await receiver._server.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var sent = await JsonDocument.ParseAsync(request.Body);
        var paidAt = sent.RootElement.GetProperty("data").GetProperty("object").GetProperty("paid_at").GetDateTimeOffset();
        Delays.Add(TimeProvider.System.GetUtcNow() - paidAt);
        Interlocked.Increment(ref _taken);
        return Results.Ok();
    }
}
