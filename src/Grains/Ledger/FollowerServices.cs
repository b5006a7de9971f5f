using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Ledger;

/// <summary>What the follower needs of the outside.</summary>
internal sealed class FollowerServices(
    INetworkFeed feed, ILedgerInbox inbox, LedgerRouter router, LedgerOwners owners, IParkedRows parked,
    ISetAsideRows setAside, NetworkIdentity identity, TimeProvider time, IOptions<NetworkOptions> network)
{
    public INetworkFeed Feed { get; } = feed;

    public ILedgerInbox Inbox { get; } = inbox;

    public LedgerRouter Router { get; } = router;

    public LedgerOwners Owners { get; } = owners;

    public IParkedRows Parked { get; } = parked;

    public ISetAsideRows SetAside { get; } = setAside;

    public NetworkIdentity Identity { get; } = identity;

    public TimeProvider Time { get; } = time;

    public bool StartsAtBeginning { get; } = network.Value.StartCursor != "now";
}
