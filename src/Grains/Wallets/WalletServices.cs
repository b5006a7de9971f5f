using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Rates;

namespace StellarPay.Grains.Wallets;

/// <summary>What every wallet grain needs of the outside.</summary>
internal sealed class WalletServices(
    INetworkGateway gateway,
    NetworkClock clock,
    QuoteFactsReader facts,
    ILedgerInbox inbox,
    INetworkFeed feed,
    IIdempotencyIndex keys,
    IPaymentArchive archive,
    SeedCipher cipher,
    SubmissionDriver driver,
    FeePayers feePayers,
    IPaymentGate gate,
    TransactionFactory transactions,
    IFaultPoints faults,
    IRateSource rates,
    IDenyList denyList,
    TimeProvider time,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    IOptions<NetworkOptions> network,
    IOptions<PlatformOptions> platform,
    IOptions<WalletOptions> wallets,
    IOptions<LimitOptions> limits,
    IOptions<RateOptions> rating)
{
    public INetworkGateway Gateway { get; } = gateway;

    public NetworkClock Clock { get; } = clock;

    /// <summary>What the network says of a payment that is to be quoted.</summary>
    public QuoteFactsReader Facts { get; } = facts;

    public IIdempotencyIndex Keys { get; } = keys;

    public IPaymentArchive Archive { get; } = archive;

    public ILedgerInbox Inbox { get; } = inbox;

    public INetworkFeed Feed { get; } = feed;

    public SeedCipher Cipher { get; } = cipher;

    public SubmissionDriver Driver { get; } = driver;

    /// <summary>Which fee account pays.</summary>
    public FeePayers FeePayers { get; } = feePayers;

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

    public IRateSource Rates { get; } = rates;

    public IDenyList DenyList { get; } = denyList;

    public TimeSpan MaxRateAge { get; } = TimeSpan.FromSeconds(rating.Value.MaxAgeSeconds);

    /// <summary>By tier.</summary>
    public IReadOnlyList<TierLimits> Tiers { get; } = TierLimits.All(limits.Value);

    public TimeSpan QuoteLifetime { get; } = TimeSpan.FromSeconds(wallets.Value.QuoteSeconds);

    public TimeSpan BumpAfter { get; } = TimeSpan.FromSeconds(wallets.Value.BumpAfterSeconds);

    /// <summary>Which claimable balances a wallet claims by itself.</summary>
    public ClaimRules Claims { get; } = ClaimRules.Of(network.Value.Assets, wallets.Value.MinimumClaim);

    public TimeSpan ResumeAfter { get; } = TimeSpan.FromSeconds(wallets.Value.ResumeSeconds);
}
