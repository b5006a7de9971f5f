using Microsoft.Extensions.Options;
using StellarPay.Grains.Network.Claims;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Network.Parking;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Network;

/// <summary>What the follower needs of the outside.</summary>
internal sealed class FollowerServices(
    INetworkFeed feed,
    IAddressBook addressBook,
    IParkedOperations parked,
    IClaimableBalances balances,
    INetworkHalts halts,
    ISuspense suspense,
    IPlatformAccounts platformAccounts,
    TimeProvider time,
    IOptions<NetworkOptions> network,
    IOptions<FollowerOptions> options)
{
    public INetworkFeed Feed { get; } = feed;

    public IAddressBook AddressBook { get; } = addressBook;

    public IParkedOperations Parked { get; } = parked;

    public IClaimableBalances Balances { get; } = balances;

    public INetworkHalts Halts { get; } = halts;

    public ISuspense Suspense { get; } = suspense;

    public IPlatformAccounts PlatformAccounts { get; } = platformAccounts;

    public TimeProvider Time { get; } = time;

    public NetworkOptions Network { get; } = network.Value;

    public FollowerOptions Options { get; } = options.Value;
}
