using Microsoft.AspNetCore.SignalR;
using StellarPay.Frontdoor.Auth;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Live;

/// <summary>Sends a connection its updates, one after the other, until it goes, falls behind, or its token ends.</summary>
internal sealed partial class LivePump(
    IHubContext<LiveHub> hub,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<LivePump> logger)
{
    /// <summary>Begins to send what came after a revision.</summary>
    public void Start(LiveConnection connection, long revision, HubCallerContext context) =>
        _ = RunAsync(connection, revision, context);

    private async Task RunAsync(LiveConnection connection, long revision, HubCallerContext context)
    {
        await Task.Yield();
        var left = context.User!.TokenEnd() - business.GetUtcNow();
        using var tokenEnd = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, business);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(tokenEnd.Token, context.ConnectionAborted);
        try
        {
            var client = hub.Clients.Client(connection.Id);
            await foreach (var update in connection.ReadAfterAsync(revision, end.Token))
            {
                await client.SendAsync(update.Method, update.Body, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client went, or its token ended.
        }
        catch (Exception e)
        {
            LogFailed(logger, e, connection.Id);
        }

        context.Abort();
    }

    [LoggerMessage(EventId = 5403, Level = LogLevel.Warning, Message = "The live connection {ConnectionId} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string connectionId);
}
