using System.Globalization;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Errors;

/// <summary>A failure as an endpoint returns it and as the wire carries it.</summary>
internal sealed record Problem(
    int Status, string Type, string Code, string Message, string? Param = null, TimeSpan? RetryAfter = null)
    : IResult, IStatusCodeHttpResult
{
    private static readonly TimeSpan UsualRetry = TimeSpan.FromSeconds(1);

    int? IStatusCodeHttpResult.StatusCode => Status;

    /// <summary>The payment that it is about; null where there is none, or it is named already.</summary>
    public string? PaymentId { get; init; }

    /// <summary>What the caller can show to be let through; null where that is not what is missing.</summary>
    public string[]? Methods { get; init; }

    /// <summary>The one map from a typed error to HTTP.</summary>
    public static Problem Of(Error error)
    {
        var (status, type) = error.Kind switch
        {
            ErrorKind.InvalidRequest => (StatusCodes.Status400BadRequest, ErrorTypes.InvalidRequest),
            ErrorKind.Refused => (StatusCodes.Status422UnprocessableEntity, ErrorTypes.InvalidRequest),
            ErrorKind.NotFound => (StatusCodes.Status404NotFound, ErrorTypes.InvalidRequest),
            ErrorKind.Conflict => (StatusCodes.Status409Conflict, ErrorTypes.InvalidRequest),
            ErrorKind.Forbidden => (StatusCodes.Status403Forbidden, ErrorTypes.Permission),
            ErrorKind.RateLimited => (StatusCodes.Status429TooManyRequests, ErrorTypes.RateLimit),
            ErrorKind.Unavailable => (StatusCodes.Status503ServiceUnavailable, ErrorTypes.Api),
            _ => throw new ArgumentOutOfRangeException(nameof(error), error.Kind, "This kind of error has no status."),
        };
        var aboutKey = error.Code.StartsWith("idempotency_", StringComparison.Ordinal);
        TimeSpan? retry = error.Kind is ErrorKind.RateLimited or ErrorKind.Unavailable ? error.RetryAfter ?? UsualRetry : null;
        return new Problem(status, aboutKey ? ErrorTypes.Idempotency : type, error.Code, error.Message, error.Param, retry);
    }

    /// <summary>A field that is wrong (400).</summary>
    public static Problem Invalid(string code, string message, string? param = null) =>
        new(StatusCodes.Status400BadRequest, ErrorTypes.InvalidRequest, code, message, param);

    /// <summary>A field that is not there (400).</summary>
    public static Problem Missing(string param) =>
        Invalid("parameter_missing", $"'{param}' is missing.", param);

    /// <summary>Who is asking is not proven (401).</summary>
    public static Problem Unauthenticated(string code, string message, string? param = null) =>
        new(StatusCodes.Status401Unauthorized, ErrorTypes.Authentication, code, message, param);

    /// <summary>Something that we need does not answer (503).</summary>
    public static Problem Unavailable(string code, string message) =>
        new(StatusCodes.Status503ServiceUnavailable, ErrorTypes.Api, code, message, RetryAfter: UsualRetry);

    /// <summary>What was asked may have been done, and it is not known (504). Only the same request tells.</summary>
    public static Problem OutcomeUnknown(string? payment) => new(
        StatusCodes.Status504GatewayTimeout,
        ErrorTypes.Api,
        "outcome_unknown",
        "It is not known whether this was done. Repeat the request, with the same Idempotency-Key if it had one, to learn what came of it.",
        RetryAfter: UsualRetry)
    {
        PaymentId = payment,
    };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (RetryAfter is { } wait)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return Task.CompletedTask;
        }

        var body = new ErrorBody(new ErrorDetail(Type, Code, Message, Param, httpContext.TraceIdentifier, PaymentId, Methods));
        return httpContext.Response.WriteAsJsonAsync(body);
    }
}
