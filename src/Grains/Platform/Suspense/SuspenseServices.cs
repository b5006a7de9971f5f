using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>What the grain that hands deposits on needs of the outside.</summary>
internal sealed class SuspenseServices(
    ISuspense suspense,
    DepositReleases releases,
    PlatformAccountServices account,
    INetworkGateway gateway,
    TransactionFactory transactions,
    IPaymentGate gate,
    IFaultPoints faults,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    IOptions<NetworkOptions> network)
{
    public ISuspense Suspense { get; } = suspense;

    public DepositReleases Releases { get; } = releases;

    public PlatformAccountServices Account { get; } = account;

    public INetworkGateway Gateway { get; } = gateway;

    public TransactionFactory Transactions { get; } = transactions;

    public IPaymentGate Gate { get; } = gate;

    public IFaultPoints Faults { get; } = faults;

    public TimeProvider Business { get; } = business;

    public TimeSpan Valid { get; } = TimeSpan.FromSeconds(network.Value.PaymentValidSeconds);
}
