using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;

namespace StellarPay.Grains.Platform.Treasury;

/// <summary>What the treasury needs of the outside.</summary>
internal sealed class TreasuryServices(
    PlatformAccountServices account,
    IPlatformAccounts accounts,
    IPlatformSeeds seeds,
    INetworkGateway gateway,
    TransactionFactory transactions,
    IPaymentGate gate,
    IFaultPoints faults,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    IOptions<PlatformOptions> platform,
    IOptions<NetworkOptions> network)
{
    public PlatformAccountServices Account { get; } = account;

    public IPlatformAccounts Accounts { get; } = accounts;

    public IPlatformSeeds Seeds { get; } = seeds;

    public INetworkGateway Gateway { get; } = gateway;

    public TransactionFactory Transactions { get; } = transactions;

    public IPaymentGate Gate { get; } = gate;

    public IFaultPoints Faults { get; } = faults;

    public TimeProvider Business { get; } = business;

    public long TopUpStroops { get; } = platform.Value.TopUpXlm * Amount.StroopsPerUnit;

    public int FeeBidStroops { get; } = network.Value.FeeBidStroops;

    public TimeSpan Valid { get; } = TimeSpan.FromSeconds(network.Value.PaymentValidSeconds);
}
