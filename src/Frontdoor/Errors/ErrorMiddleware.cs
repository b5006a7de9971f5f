using StellarPay.Grains.Failures;

namespace StellarPay.Frontdoor.Errors;

/// <summary>Sees that no failure leaves in any other shape than <see cref="ErrorBody"/>.</summary>
internal sealed partial class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> logger)
{
    private const int ClientClosedRequest = 499;

    private static readonly HashSet<string> KeptHeaders = new(StringComparer.OrdinalIgnoreCase) { "WWW-Authenticate", "Allow" };

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer any more.
            context.Response.StatusCode = context.Response.HasStarted ? context.Response.StatusCode : ClientClosedRequest;
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, exception);
            return;
        }

        if (IsBareFailure(context.Response))
        {
            await StatusProblems.Of(context.Response.StatusCode).ExecuteAsync(context);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        var problem = ExceptionProblems.Of(exception);
        if (exception is NotBegunException)
        {
            // Said on purpose, and often where there is too much to do: a trace of it tells nothing, and costs more than the call.
            LogNotBegun(logger, problem.Code, exception.Message);
        }
        else if (problem.Status >= StatusCodes.Status500InternalServerError)
        {
            var unexpected = problem.Status == StatusCodes.Status500InternalServerError;
            LogFailure(logger, unexpected ? LogLevel.Error : LogLevel.Warning, exception, problem.Code);
        }

        var kept = context.Response.Headers.Where(header => KeptHeaders.Contains(header.Key)).ToArray();
        context.Response.Clear();
        foreach (var header in kept)
        {
            context.Response.Headers[header.Key] = header.Value;
        }

        await problem.ExecuteAsync(context);
    }

    private static bool IsBareFailure(HttpResponse response) =>
        !response.HasStarted
        && response.StatusCode >= StatusCodes.Status400BadRequest
        && response.ContentType is null
        && response.ContentLength is null or 0;

    [LoggerMessage(EventId = 5005, Level = LogLevel.Warning, Message = "The request was not begun: {Code}. {Why}")]
    private static partial void LogNotBegun(ILogger logger, string code, string why);

    [LoggerMessage(EventId = 5001, Message = "The request failed: {Code}.")]
    private static partial void LogFailure(ILogger logger, LogLevel level, Exception exception, string code);
}
