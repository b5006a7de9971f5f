using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>Refuses an address that asks too much before a token is read or a database asked.</summary>
internal sealed class AddressRateLimitMiddleware(RequestDelegate next, AddressRateLimit limit)
{
    public Task InvokeAsync(HttpContext context) => limit.Take(ClientAddress.Of(context)) is { } wait
        ? (StatusProblems.Of(StatusCodes.Status429TooManyRequests) with { RetryAfter = wait }).ExecuteAsync(context)
        : next(context);
}
