using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Webhooks;

/// <summary>A merchant's server, which keeps what it is sent and answers as the test wants.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    /// <summary>How a call is answered; 200 unless it is set.</summary>
    public Func<HttpContext, Received, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>All that was sent, in the order in which it came.</summary>
    public ConcurrentQueue<Received> All { get; } = new();

    public Uri Url => new($"{_app.Urls.Single()}/hook");

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinResponseDataRate = null);
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Answers with a status.</summary>
    public void AnswerWith(int status) => Answer = (context, _) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public Task UntilAsync(int many) => Eventually.UntilAsync(() => Task.FromResult(All.Count >= many), $"{many} calls came");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var received = new Received(
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        All.Enqueue(received);
        await Answer(context, received);
    }
}

/// <summary>What a receiver was sent.</summary>
internal sealed record Received(Dictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public System.Text.Json.JsonElement Event => System.Text.Json.JsonDocument.Parse(Body).RootElement;

    public string Session => Event.GetProperty("data").GetProperty("object").GetProperty("id").GetString()!;

    public long Sequence => Event.GetProperty("stellarpay").GetProperty("sequence").GetInt64();

    /// <summary>Checks the signatures as receivers do, by the published rules of both schemes.</summary>
    public void ShouldBeSignedBy(params string[] secrets)
    {
        var signatures = Headers["Stripe-Signature"].Split(',').Select(part => part.Split('=', 2)).ToArray();
        var time = signatures.Single(part => part[0] == "t")[1];
        Headers["webhook-timestamp"].ShouldBe(time);
        signatures.Where(part => part[0] == "v1").Select(part => part[1])
            .ShouldBe(secrets.Select(secret => OfficialSignatures.Stripe(secret, time, Body)));
        Headers["webhook-signature"].Split(' ').ShouldBe(secrets.Select(secret => OfficialSignatures.Standard(secret, Id, time, Body)));
    }
}
