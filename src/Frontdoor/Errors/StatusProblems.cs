namespace StellarPay.Frontdoor.Errors;

/// <summary>The body for a status that the framework set without one.</summary>
internal static class StatusProblems
{
    public static Problem UnsupportedMediaType { get; } = new(
        StatusCodes.Status415UnsupportedMediaType,
        ErrorTypes.InvalidRequest,
        "unsupported_media_type",
        "The request's body must be application/json.");

    public static Problem Of(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Problem.Unauthenticated("unauthenticated", "Send a valid access token."),
        StatusCodes.Status403Forbidden => new Problem(
            status, ErrorTypes.Permission, "forbidden", "You may not do this."),
        StatusCodes.Status404NotFound => new Problem(
            status, ErrorTypes.InvalidRequest, "not_found", "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => new Problem(
            status, ErrorTypes.InvalidRequest, "method_not_allowed", "This address does not take this method."),
        StatusCodes.Status413PayloadTooLarge => new Problem(
            status, ErrorTypes.InvalidRequest, "body_too_large", "The request's body is too large."),
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType,
        StatusCodes.Status429TooManyRequests => new Problem(
            status, ErrorTypes.RateLimit, "rate_limited", "Too many requests. Try again later.", null, TimeSpan.FromSeconds(1)),
        StatusCodes.Status503ServiceUnavailable => Problem.Unavailable(
            "temporarily_unavailable", "A part of the system does not answer now. Try again in a moment."),
        >= 500 => new Problem(status, ErrorTypes.Api, "internal_error", "Something went wrong on our side."),
        _ => new Problem(status, ErrorTypes.InvalidRequest, "invalid_request", "The request is malformed."),
    };
}
