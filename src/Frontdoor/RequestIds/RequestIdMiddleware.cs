using System.Buffers;
using System.Security.Cryptography;
using Orleans.Runtime;
using StellarPay.Grains.Requests;

namespace StellarPay.Frontdoor.RequestIds;

/// <summary>
/// Gives each request an id, the caller's own where it has a sound one, and shows it in the response and in every log
/// line that the request causes, those of grains too.
/// </summary>
internal sealed partial class RequestIdMiddleware(
    RequestDelegate next, TimeProvider time, ILogger<RequestIdMiddleware> logger)
{
    public const string Header = "X-Request-Id";

    private const int MaxLength = 64;
    private const int RandomBytes = 12;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");

    public async Task InvokeAsync(HttpContext context)
    {
        var id = Choose(context.Request.Headers[Header]);
        context.TraceIdentifier = id;
        context.Response.OnStarting(
            static state =>
            {
                var (response, requestId) = ((HttpResponse, string))state;
                response.Headers[Header] = requestId;
                return Task.CompletedTask;
            },
            (context.Response, id));
        RequestContext.Set(Grains.Requests.RequestIds.ContextKey, id);
        var started = time.GetTimestamp();
        using (logger.BeginScope(new RequestScope(id)))
        {
            await next(context);
            Log(context, time.GetElapsedTime(started));
        }
    }

    // Ten thousand reads a second that went well are no news; whatever changes something, fails or is slow is.
    private void Log(HttpContext context, TimeSpan took)
    {
        var method = HttpMethods.GetCanonicalizedValue(context.Request.Method);
        var status = context.Response.StatusCode;
        var quiet = HttpMethods.IsGet(method) && status < StatusCodes.Status400BadRequest && took < Slow;
        var level = quiet ? LogLevel.Debug : LogLevel.Information;
        if (logger.IsEnabled(level))
        {
            // The route and not the path: a path can carry what nobody should read in a log.
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
            LogRequest(logger, level, method.Length <= 10 ? method : "(other)", route, status, took.TotalMilliseconds);
        }
    }

    private static string Choose(string? given) =>
        given is { Length: > 0 and <= MaxLength } && !given.AsSpan().ContainsAnyExcept(Allowed)
            ? given
            : "req_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));

    [LoggerMessage(EventId = 5002, Message = "{Method} {Route} {Status} in {Milliseconds:F1} ms.")]
    private static partial void LogRequest(
        ILogger logger, LogLevel level, string method, string route, int status, double milliseconds);
}
