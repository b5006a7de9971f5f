using System.Net.Http.Headers;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Json;

/// <summary>JSON is UTF-8 (RFC 8259, 8.1): a body that names another charset is refused before anyone tries to read it.</summary>
internal sealed class Utf8OnlyMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            && type.CharSet is { } charset
            && !charset.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? StatusProblems.UnsupportedMediaType.ExecuteAsync(context)
            : next(context);
}
