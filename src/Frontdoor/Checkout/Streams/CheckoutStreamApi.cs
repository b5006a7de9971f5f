using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout.Streams;

/// <summary>
/// A session's public facts as server-sent events: how it stands, and again each time that changes. The id of an event is the page's
/// version.
/// </summary>
internal sealed class CheckoutStreamApi(
    CheckoutDesk desk, CheckoutStreams streams, CheckoutPayments payments, TimeProvider time, IHostApplicationLifetime life)
{
    private const string Ping = "ping";

    // More often than proxies give up a connection on which nothing is said.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    // After that the client comes again by itself.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan ComesAgain = TimeSpan.FromSeconds(3);

    private static readonly Problem TooMany = StatusProblems.Of(StatusCodes.Status429TooManyRequests) with { RetryAfter = Pause };

    /// <summary>
    /// A stream to whoever has the secret; nothing (204, upon which no client comes again) where nothing changes any more.
    /// </summary>
    public static async Task<Results<ServerSentEventsResult<CheckoutAnswer?>, NoContent, Problem>> OpenAsync(
        string id, string? key, HttpContext context, CheckoutStreamApi api) => await api.OpenAsync(id, key, context);

    private async Task<Results<ServerSentEventsResult<CheckoutAnswer?>, NoContent, Problem>> OpenAsync(
        string id, string? key, HttpContext context)
    {
        if (await desk.FindWholeAsync(id, key, context.RequestAborted) is not { } sale)
        {
            return CheckoutApi.NotFound;
        }

        if (CheckoutStates.Of(sale.Session, desk.NowOf(sale)).IsFinal())
        {
            return TypedResults.NoContent();
        }

        if (await streams.OpenAsync(PaymentSessionId.Parse(id), ClientAddress.Of(context), context.RequestAborted) is not { } listener)
        {
            return TooMany;
        }

        context.Response.RegisterForDispose(listener);
        return TypedResults.ServerSentEvents(TellAsync(id, key!, listener, context.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<CheckoutAnswer?>> TellAsync(
        string id, string key, CheckoutListener listener, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, life.ApplicationStopping);
        var (began, told) = (time.GetTimestamp(), "");
        while (time.GetElapsedTime(began) < Longest && !over.IsCancellationRequested)
        {
            if (await desk.FindWholeAsync(id, key, over.Token) is not { } sale)
            {
                yield break;
            }

            var now = desk.NowOf(sale);
            var version = CheckoutStates.VersionOf(sale.Session, now);
            var news = version == told ? null : CheckoutAnswer.Of(sale, payments, now);
            yield return news is null
                ? new SseItem<CheckoutAnswer?>(null, Ping)
                : new SseItem<CheckoutAnswer?>(news) { EventId = version, ReconnectionInterval = ComesAgain };
            told = version;
            if (CheckoutStates.Of(sale.Session, now).IsFinal())
            {
                yield break;
            }

            await listener.WaitAsync(Pause, time, over.Token);
        }
    }
}
