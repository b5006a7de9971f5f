using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StellarPay.Adapters.Tests.Rates;

/// <summary>A server that tells rates, on a free port of this machine: what a test says, at each path.</summary>
internal sealed class RateServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RateServer(WebApplication app) => _app = app;

    /// <summary>What is answered at a path.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, Task>> Answers { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Requests { get; } = [];

    public string Url => _app.Urls.Single();

    public static async Task<RateServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new RateServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public void Tell(string path, string body) => Answers[path] = context => context.Response.WriteAsync(body);

    public void Fail(string path, int status) => Answers[path] = context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public int Asked(string path) => Requests.Count(request => request == path);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path + context.Request.QueryString;
        Requests.Enqueue(path);
        return Answers[path](context);
    }
}
