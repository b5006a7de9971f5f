using Microsoft.AspNetCore.Http.Features;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Live;

/// <summary>SignalR answers its own failures in plain text; here they get the one error shape.</summary>
internal sealed class HubErrorsMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(LiveApi.Path))
        {
            await next(context);
            return;
        }

        // A WebSocket does not write to the response's body, so only small answers pass through here.
        var response = context.Response;
        var body = response.Body;
        using var held = new MemoryStream();
        response.Body = held;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }

        if (context.Features.Get<IHttpWebSocketFeature>() is not null && response.StatusCode == StatusCodes.Status101SwitchingProtocols)
        {
            return;
        }

        if (response.StatusCode < StatusCodes.Status400BadRequest
            || response.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true)
        {
            held.Position = 0;
            await held.CopyToAsync(body, context.RequestAborted);
            return;
        }

        if (!response.HasStarted)
        {
            response.ContentLength = null;
            if (response.StatusCode == StatusCodes.Status405MethodNotAllowed)
            {
                // SignalR says no, but not what it takes (RFC 9110, 15.5.6).
                var negotiates = context.Request.Path.StartsWithSegments(LiveApi.Path + "/negotiate");
                response.Headers.Allow = negotiates ? HttpMethods.Post : HttpMethods.Get;
            }

            await ProblemOf(response.StatusCode).ExecuteAsync(context);
        }
    }

    private static Problem ProblemOf(int status) => status == StatusCodes.Status400BadRequest
        ? Problem.Invalid("websocket_required", "Connect to this address with a SignalR client over WebSockets.")
        : StatusProblems.Of(status);
}
