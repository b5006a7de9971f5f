using Microsoft.AspNetCore.SignalR;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Live;

/// <summary>
/// Pushes a user's wallet to the user's own clients: <c>state</c> first, then each <c>balance</c> and <c>payment</c>
/// after it, and each <c>security</c> event. There is nothing to call: a client only listens.
/// </summary>
internal sealed class LiveHub(
    EventTail tail, WalletOpener wallets, IGrainFactory grains, LivePump pump, EndedSessions ended) : Hub
{
    private const string ConnectionItem = "live";

    public override async Task OnConnectedAsync()
    {
        var connection = new LiveConnection(Context.ConnectionId, Context.User!.UserId().Value, Context.User!.SessionId());
        Context.Items[ConnectionItem] = connection;
        try
        {
            await BeginAsync(connection);
        }
        catch (Exception e)
        {
            // OnDisconnectedAsync is not called for a connection that did not come about.
            tail.Unsubscribe(connection);
            if (!ExceptionProblems.IsPassing(e))
            {
                throw;
            }

            // Cut off without a word, the client comes again, as it should; after an error it would not.
            Context.Abort();
        }
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Context.Items[ConnectionItem] is LiveConnection connection)
        {
            tail.Unsubscribe(connection);
        }

        return Task.CompletedTask;
    }

    private async Task BeginAsync(LiveConnection connection)
    {
        // Subscribed before the state is read: what happens in between waits in the connection.
        if (!await tail.SubscribeAsync(connection, Context.ConnectionAborted))
        {
            throw new HubException("too_many_connections");
        }

        // Looked at after the subscription: an end that is told later closes it, and one that was told before is seen here.
        if (connection.Session is { } session && ended.Contains(session))
        {
            throw new HubException("session_ended");
        }

        var snapshot = await ReadSnapshotAsync(Context.User!.UserId());
        await Clients.Caller.SendAsync("state", StateJson.Of(snapshot), Context.ConnectionAborted);
        pump.Start(connection, snapshot.Wallet.Revision, Context);
    }

    private async Task<WalletSnapshot> ReadSnapshotAsync(UserId user)
    {
        var opened = await wallets.GetOrEnsureAsync(user);
        var snapshot = opened.IsSuccess
            ? await grains.GetGrain<IWalletGrain>(WalletId.Of(user).Value).GetSnapshotAsync(user)
            : opened.Error;
        return snapshot.IsSuccess ? snapshot.Value : throw new HubException(snapshot.Error.Code);
    }
}
