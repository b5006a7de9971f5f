using System.Text.Json;
using StellarPay.Bench.Wallet.Load;

namespace StellarPay.Bench.Merchant;

/// <summary>A shop's server that takes what it is sent, and notes how long after its ledger's close each payment came.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly LedgerWatch _ledgers;
    private int _taken;

    private WebhookReceiver(WebApplication server, LedgerWatch ledgers) => (_server, _ledgers) = (server, ledgers);

    /// <summary>Where it is called.</summary>
    public Uri Address => new(new Uri(_server.Urls.Single()), "hook");

    /// <summary>How many it has taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>From the ledger's close to the delivery.</summary>
    public Series Delays { get; } = new();

    public static async Task<WebhookReceiver> StartAsync(LedgerWatch ledgers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build(), ledgers);
        receiver._server.MapPost("/hook", receiver.TakeAsync);
        await receiver._server.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var sent = await JsonDocument.ParseAsync(request.Body);
        var paidBy = sent.RootElement.GetProperty("data").GetProperty("object").GetProperty("payments")[0].GetProperty("ledger").GetInt64();
        Delays.Add(now - await _ledgers.ClosedAtAsync(paidBy));
        Interlocked.Increment(ref _taken);
        return Results.Ok();
    }
}
