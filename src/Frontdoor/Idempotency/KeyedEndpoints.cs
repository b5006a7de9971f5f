using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Merchants.Access;

namespace StellarPay.Frontdoor.Idempotency;

/// <summary>An endpoint that takes an idempotency key, and is answered once under it.</summary>
/// <param name="Replay">
/// What is answered to a repeat, by the id of what the first try made: that as it stands, or a refusal. It changes nothing.
/// </param>
internal sealed record TakesKey(Func<Replay, Task<IResult>> Replay);

/// <summary>A request that was answered before.</summary>
/// <param name="Context">The request.</param>
/// <param name="Subject">The id of what the first try made or changed.</param>
/// <param name="Age">How long ago the first try was.</param>
/// <param name="CancellationToken">Ends it.</param>
internal readonly record struct Replay(HttpContext Context, string Subject, TimeSpan Age, CancellationToken CancellationToken)
{
    /// <summary>Whose request it is, of an endpoint that is a merchant's.</summary>
    public MerchantCaller Caller => MerchantCaller.Of(Context);

    /// <summary>What is needed to answer it.</summary>
    public T Get<T>()
        where T : notnull => Context.RequestServices.GetRequiredService<T>();
}

/// <summary>Opens endpoints to idempotency keys.</summary>
internal static class KeyedEndpoints
{
    public static void AddIdempotency(this IServiceCollection services, bool development)
    {
        services.AddOptions<IdempotencyOptions>().BindConfiguration(IdempotencyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RequestPrints>(
            provider, TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development)));
        services.AddSingleton<KeyedRequests>();
    }

    /// <summary>
    /// Has what is asked under an <c>Idempotency-Key</c> done once. The handler is given the key with its <see cref="MerchantCaller"/>, or
    /// as a feature of the request, and hands it to the write that decides, which takes it in its transaction.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="replay">What is answered to a repeat.</param>
    public static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder endpoint, Func<Replay, Task<IResult>> replay)
    {
        var takes = new TakesKey(replay);
        return endpoint.WithMetadata(takes).AddEndpointFilter((context, next) =>
            context.HttpContext.RequestServices.GetRequiredService<KeyedRequests>().AnswerAsync(takes, context, next));
    }
}
