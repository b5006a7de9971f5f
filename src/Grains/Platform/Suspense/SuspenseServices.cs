using Microsoft.Extensions.Options;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>What the grain that hands deposits on needs of the outside.</summary>
internal sealed class SuspenseServices(
    ISuspense suspense,
    DepositReleases releases,
    PlatformAccountServices account,
    ILedgerInbox inbox,
    INetworkFeed feed,
    IPlatformAccounts accounts,
    PlatformAccountKinds kinds,
    INetworkGateway gateway,
    IPaymentGate gate,
    IOptions<NetworkOptions> network)
{
    public ISuspense Suspense { get; } = suspense;

    public DepositReleases Releases { get; } = releases;

    public PlatformAccountServices Account { get; } = account;

    public ILedgerInbox Inbox { get; } = inbox;

    public INetworkFeed Feed { get; } = feed;

    public IPlatformAccounts Accounts { get; } = accounts;

    public PlatformAccountKinds Kinds { get; } = kinds;

    /// <summary>Accounts whose payments to the platform's accounts are the platform's own money.</summary>
    public IReadOnlyCollection<string> FundingSources { get; } = network.Value.FundingSources;

    public INetworkGateway Gateway { get; } = gateway;

    public IPaymentGate Gate { get; } = gate;
}
