using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.SecurityHeaders;

/// <summary>
/// Refuses what comes in clear, by our own connection or by what a trusted proxy says of its own. It is not sent elsewhere: a client
/// that follows sends its credential in clear each time, and nobody notices.
/// </summary>
internal sealed class HttpsOnlyMiddleware(RequestDelegate next)
{
    // Whatever watches a process asks it by its own address.
    private const string Health = "/health";

    private static readonly Problem InClear = new(
        StatusCodes.Status403Forbidden,
        ErrorTypes.Permission,
        "https_required",
        "This API is served over HTTPS only, and this request came in clear. Replace whatever credential it carried.");

    public Task InvokeAsync(HttpContext context) =>
        context.Request.IsHttps || context.Request.Path.StartsWithSegments(Health) ? next(context) : InClear.ExecuteAsync(context);
}
