using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;

namespace StellarPay.Grains.Wallets;

/// <summary>What every wallet grain needs of the outside.</summary>
internal sealed class WalletServices(
    INetworkGateway gateway,
    IAddressBook addressBook,
    SeedCipher cipher,
    SubmissionDriver driver,
    IPaymentGate gate,
    TransactionFactory transactions,
    IFaultPoints faults,
    TimeProvider time,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    IOptions<NetworkOptions> network,
    IOptions<PlatformOptions> platform,
    IOptions<WalletOptions> wallets)
{
    public INetworkGateway Gateway { get; } = gateway;

    public IAddressBook AddressBook { get; } = addressBook;

    public SeedCipher Cipher { get; } = cipher;

    public SubmissionDriver Driver { get; } = driver;

    /// <summary>Whether anything may be paid at all.</summary>
    public IPaymentGate Gate { get; } = gate;

    public TransactionFactory Transactions { get; } = transactions;

    public IFaultPoints Faults { get; } = faults;

    /// <summary>The runtime's clock, for back-off.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>The clock of quotes, limits and events.</summary>
    public TimeProvider Business { get; } = business;

    public NetworkOptions Network { get; } = network.Value;

    public PlatformOptions Platform { get; } = platform.Value;

    public PaymentLimits Limits { get; } = PaymentLimits.Of(wallets.Value);

    public TimeSpan QuoteLifetime { get; } = TimeSpan.FromSeconds(wallets.Value.QuoteSeconds);

    public TimeSpan ResumeAfter { get; } = TimeSpan.FromSeconds(wallets.Value.ResumeSeconds);
}
