using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Payments;
using StellarPay.Grains;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Idempotency;

/// <summary>
/// Answers requests under idempotency keys. The key's row is looked for first; who loses the race is refused by the row, and finds the
/// winner's answer behind it. What was refused before anything was written left no row. docs/decisions/0073-idempotency-keys.md.
/// </summary>
internal sealed class KeyedRequests(
    IIdempotencyIndex keys, RequestPrints prints, IOptions<IdempotencyOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    /// <summary>That a request under the same key goes on; it does not for long.</summary>
    public static Problem Goes { get; } = Problem.Of(RequestKey.InUse) with { RetryAfter = TimeSpan.FromSeconds(2) };

    /// <summary>Has the endpoint answer, or what it answered before.</summary>
    public async ValueTask<object?> AnswerAsync(TakesKey takes, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var sent = http.Request.Headers[IdempotencyKey.Header];
        if (sent.Count == 0)
        {
            return await next(context);
        }

        if (IdempotencyKey.Check(sent.ToString()) is { } bad)
        {
            return bad;
        }

        var key = RequestKey.Of(ScopeOf(http), sent.ToString(), prints.Of(context), business.GetUtcNow(), options.Value.KeysADay);
        if (await FindAsync(takes, key, http) is { } before)
        {
            return before;
        }

        http.Features.Set(key);
        for (var at = 0; at < context.Arguments.Count; at++)
        {
            if (context.Arguments[at] is MerchantCaller caller)
            {
                context.Arguments[at] = caller with { Key = key };
            }
        }

        try
        {
            var answer = await next(context);
            var result = answer is INestedHttpResult nested ? nested.Result : answer;
            // Whoever is refused may be so because of what the same request has just done.
            return result is Problem problem && IsByWhatIs(problem.Status) ? await FindAsync(takes, key, http) ?? answer : answer;
        }
        catch (KeyRefusedException refused)
        {
            return refused.Why switch
            {
                KeyRefusal.Used => await FindAsync(takes, key, http) ?? Goes,
                KeyRefusal.Busy => Goes,
                _ => TooMany(key.At),
            };
        }
    }

    // Not who may not do it, nor what says nothing: that has nothing to do with what was done meanwhile.
    private static bool IsByWhatIs(int status) => status is StatusCodes.Status404NotFound or StatusCodes.Status409Conflict
        or StatusCodes.Status422UnprocessableEntity or StatusCodes.Status504GatewayTimeout;

    // A merchant's; before there is one the user's.
    private string ScopeOf(HttpContext http) =>
        http.Features.Get<MerchantCaller>()?.Merchant.Value ?? prints.ScopeOf(http.User.UserId());

    private async Task<IResult?> FindAsync(TakesKey takes, RequestKey key, HttpContext http)
    {
        if (await keys.FindAsync(key.Scope, key.Hash, key.At, http.RequestAborted) is not { } before)
        {
            return null;
        }

        var subject = key.AnswerOf(before);
        return subject.IsSuccess
            ? await takes.Replay(new Replay(http, subject.Value, key.At - RequestKey.TakenAt(before), http.RequestAborted))
            : Problem.Of(subject.Error);
    }

    private Problem TooMany(DateTimeOffset now) => Problem.Of(new Error(
        ErrorKind.RateLimited, "too_many_idempotency_keys",
        $"{options.Value.KeysADay} idempotency keys of a business are remembered a day, the most. Ask without one, or tomorrow.",
        IdempotencyKey.Header, new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero) - now));
}
