using Microsoft.Extensions.Options;
using StellarPay.Grains.Costs;
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
    IOptions<NetworkOptions> network,
    IOptions<PlatformOptions> platform,
    IOptions<BudgetOptions> budgets)
{
    public PlatformAccountServices Account { get; } = account;

    public INetworkGateway Gateway { get; } = gateway;

    public IPaymentGate Gate { get; } = gate;

    public DepositReleases Releases { get; } = releases;

    /// <summary>Each sponsor's share of what may be opened in a day.</summary>
    public OpeningBudget Budget { get; } = new(budgets.Value, platform.Value.SponsorAccounts, network.Value.Assets.Length);

    public TimeSpan OpeningValid { get; } = TimeSpan.FromSeconds(network.Value.OpeningValidSeconds);
}
