using Microsoft.Extensions.Options;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;

namespace StellarPay.Grains.Platform.Treasury;

/// <summary>What the treasury needs of the outside.</summary>
internal sealed class TreasuryServices(
    PlatformAccountServices account,
    IPlatformAccounts accounts,
    PlatformAccountKinds kinds,
    INetworkGateway gateway,
    IPaymentGate gate,
    IOptions<PlatformOptions> platform,
    IOptions<BudgetOptions> budgets,
    IOptions<NetworkOptions> network)
{
    public PlatformAccountServices Account { get; } = account;

    public IPlatformAccounts Accounts { get; } = accounts;

    public PlatformAccountKinds Kinds { get; } = kinds;

    public INetworkGateway Gateway { get; } = gateway;

    public IPaymentGate Gate { get; } = gate;

    public long TopUpStroops { get; } = platform.Value.TopUpXlm * Amount.StroopsPerUnit;

    /// <summary>What the treasury sends in a day at most.</summary>
    public long DayStroops { get; } = budgets.Value.TreasuryXlmPerDay * Amount.StroopsPerUnit;

    public int FeeBidStroops { get; } = network.Value.FeeBidStroops;

    /// <summary>What wallets hold besides XLM, in canonical form.</summary>
    public IReadOnlyList<string> Assets { get; } = network.Value.Assets;
}
