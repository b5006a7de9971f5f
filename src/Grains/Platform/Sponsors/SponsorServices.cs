using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Platform.Suspense;

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>What every sponsor needs of the outside.</summary>
internal sealed class SponsorServices(
    PlatformAccountServices account,
    INetworkGateway gateway,
    IPaymentGate gate,
    DepositReleases releases,
    IOptions<NetworkOptions> network)
{
    public PlatformAccountServices Account { get; } = account;

    public INetworkGateway Gateway { get; } = gateway;

    public IPaymentGate Gate { get; } = gate;

    public DepositReleases Releases { get; } = releases;

    public TimeSpan OpeningValid { get; } = TimeSpan.FromSeconds(network.Value.OpeningValidSeconds);
}
