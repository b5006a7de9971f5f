using System.Text;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.PaymentSessions;

namespace StellarPay.Frontdoor.MerchantEvents.Streams;

/// <summary>
/// Tells a merchant's events as they are numbered, as server-sent events: an event's id is its place, by which whoever was cut off goes on.
/// </summary>
/// <remarks>Source: https://html.spec.whatwg.org/multipage/server-sent-events.html.</remarks>
internal sealed class EventStream(
    MerchantEventStore store, SessionEventDetails details, EventStreamGuard guard, EventStreamNews news,
    IOptions<EventStreamOptions> options, IHostApplicationLifetime host, TimeProvider time)
{
    private const int PageSize = 100;

    // After which a client that was cut off comes back.
    private static readonly byte[] Opening = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();
    private static readonly byte[] BeforeId = "id: "u8.ToArray();
    private static readonly byte[] BeforeData = "\ndata: "u8.ToArray();
    private static readonly byte[] After = "\n\n"u8.ToArray();

    // Should news have been missed.
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Anyway = TimeSpan.FromSeconds(1);

    /// <summary>Tells what comes after a number until the client goes, may not listen any more, or we stop.</summary>
    /// <param name="context">The request.</param>
    /// <param name="caller">Whose events.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="after">The number.</param>
    /// <param name="follow">Whether to wait for more once all is told.</param>
    public async Task RunAsync(HttpContext context, MerchantCaller caller, EventFilter filter, long after, bool follow)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        // Proxies that would collect it are told not to.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await WriteAsync(context, Opening, end.Token);
            await TellAsync(context, caller, filter, after, follow, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client went, or we stop: it goes on elsewhere from where it was.
        }
    }

    private async Task TellAsync(
        HttpContext context, MerchantCaller caller, EventFilter filter, long after, bool follow, CancellationToken stop)
    {
        var silentSince = time.GetTimestamp();
        long? guardedAt = null;
        var (told, lookedAt, head) = (Task.CompletedTask, time.GetTimestamp(), after);
        while (true)
        {
            if (told.IsCompleted || time.GetElapsedTime(lookedAt) >= LookAnyway)
            {
                // Before it is looked: what comes from then on is heard of.
                (told, lookedAt) = (news.NextOf(caller.Merchant.Value), time.GetTimestamp());
                head = await store.LastNumberAsync(caller.Merchant, stop);
            }

            var page = head > after ? await store.ListAsync(caller.Merchant, filter, after, isBackwards: true, PageSize, stop) : [];
            if (page.Count > 0 || guardedAt is not { } at || time.GetElapsedTime(at) >= Anyway)
            {
                if (!await guard.MayGoOnAsync(context, caller, stop))
                {
                    return;
                }

                guardedAt = time.GetTimestamp();
            }

            if (page.Count > 0)
            {
                await WriteAsync(context, caller, page, stop);
                (after, silentSince) = (page[^1].Number, time.GetTimestamp());
            }

            if (page.Count == PageSize)
            {
                continue;
            }

            // What the filter leaves out is not looked through again.
            after = Math.Max(after, head);
            if (!follow)
            {
                return;
            }

            if (time.GetElapsedTime(silentSince) >= TimeSpan.FromSeconds(options.Value.HeartbeatSeconds))
            {
                await WriteAsync(context, Heartbeat, stop);
                silentSince = time.GetTimestamp();
            }

            await WaitAsync(told, stop);
        }
    }

    private async Task WaitAsync(Task told, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(told, Task.Delay(Anyway, time, over.Token));
        await over.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private async Task WriteAsync(HttpContext context, MerchantCaller caller, IReadOnlyList<MerchantEvent> page, CancellationToken stop)
    {
        foreach (var happened in await details.OpenAsync(caller.Merchant, page, stop))
        {
            var (id, body) = (Encoding.ASCII.GetBytes(happened.Id), EventRenderer.BodyOf(happened, EventVersions.Newest));
            await context.Response.Body.WriteAsync((byte[])[.. BeforeId, .. id, .. BeforeData, .. body, .. After], stop);
        }

        await context.Response.Body.FlushAsync(stop);
    }

    private static async Task WriteAsync(HttpContext context, byte[] bytes, CancellationToken stop)
    {
        await context.Response.Body.WriteAsync(bytes, stop);
        await context.Response.Body.FlushAsync(stop);
    }
}
