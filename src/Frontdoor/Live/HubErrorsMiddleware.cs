using Microsoft.AspNetCore.Http.Features;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.HeldAnswers;

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

        var response = context.Response;
        using var held = await HeldAnswer.OfAsync(context, next);
        if (context.Features.Get<IHttpWebSocketFeature>() is not null && response.StatusCode == StatusCodes.Status101SwitchingProtocols)
        {
            return;
        }

        if (response.StatusCode < StatusCodes.Status400BadRequest
            || response.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true)
        {
            await held.ReleaseAsync();
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
