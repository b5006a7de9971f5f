using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Notary;
using StellarPay.Grains.Platform.Sponsors;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Platform.Treasury;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Storage;
using StellarPay.Grains.TestClocks;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains;

/// <summary>What the grains need of their host's container.</summary>
public static class GrainsServiceCollectionExtensions
{
    /// <summary>
    /// Registers what the grains are made of. The host adds the ports (<see cref="INetworkGateway"/>,
    /// <see cref="INetworkFeed"/>, <see cref="IKeyEncryptionKey"/>, <see cref="Audit.IAuditLog"/>,
    /// <see cref="Audit.IAuditCheckpoints"/>, <see cref="ILedgerInbox"/>, <see cref="INetworkHalts"/>, <see cref="Scheduling.IDueIndex"/>,
    /// <see cref="IParkedRows"/>, <see cref="ISetAsideRows"/>, <see cref="Network.Claims.IClaimableBalances"/>,
    /// <see cref="ISuspense"/>, <see cref="Merchants.Receipts.IUnmatchedReceipts"/>, <see cref="ITestClocks"/>, <see cref="IInvitationRefusals"/>, <see cref="Refunds.IRefundDeciders"/>, <see cref="IPlatformAccounts"/>, <see cref="IRateSource"/>, <see cref="Compliance.IDenyList"/>), the storage provider
    /// <see cref="Storage.GrainState.Provider"/>, and the settings of
    /// <see cref="NetworkOptions"/>, <see cref="PlatformOptions"/>, <see cref="WalletOptions"/>,
    /// <see cref="BudgetOptions"/>, <see cref="CostOptions"/>, <see cref="LimitOptions"/>, <see cref="RateOptions"/>, <see cref="FollowerOptions"/> and <see cref="KeyOptions"/>. Both clocks default to the system's.
    /// </summary>
    public static IServiceCollection AddStellarPayGrains(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton(BusinessTime.Key, TimeProvider.System);
        services.TryAddSingleton<IFaultPoints, NoFaultPoints>();
        services.AddStellarPayKeys();
        services.TryAddSingleton<TransactionFactory>();
        services.TryAddSingleton<IPaymentGate, PaymentGate>();
        services.TryAddSingleton<NetworkClock>();
        services.TryAddSingleton<SubmissionDriver>();
        // Unless the host has users' questions yield.
        services.TryAddSingleton<INetworkQuestions>(provider => provider.GetRequiredService<INetworkGateway>());
        services.TryAddSingleton<QuestionBudget>();
        services.TryAddSingleton<PayeeFacts>();
        services.TryAddSingleton<FeeCollector>();
        services.TryAddSingleton<QuoteFactsReader>();
        services.TryAddSingleton<PlatformFunding>();
        services.AddAccountEngine();
        services.AddWallets();
        services.AddMerchants().AddPaymentSessions().AddPaymentAddresses();
        services.TryAddSingleton<FollowerServices>();
        services.TryAddSingleton<LedgerRouter>();
        services.TryAddSingleton<DrainPlaces>();
        services.TryAddSingleton<InboxSweep>();
        services.TryAddSingleton<TestClockSweep>();
        services.TryAddSingleton<WakeableKinds>();
        services.AddWakeable<IWalletGrain>(GrainState.Wallet, WakeLane.Recovery)
            .AddWakeable<IScheduleBookGrain>(GrainState.ScheduleBook, WakeLane.Schedules)
            .AddWakeable<IKeyRotationGrain>(GrainState.KeyRotation, WakeLane.Housekeeping);
        services.TryAddTransient<NetworkIdentity>();
        services.AddStellarPayLedgerOwners();
        services.TryAddSingleton<PlatformAccountServices>();
        services.TryAddSingleton<PlatformUpkeep>();
        services.AddSponsors().AddFeeAccounts().AddSuspense().AddTreasury().AddNotary();
        services.TryAddSingleton<KeyHolderKinds>();
        services.AddKeyHolder<IWalletGrain>(GrainState.Wallet);
        services.TryAddSingleton<ScheduleDesk>();
        services.TryAddSingleton<ScheduleServices>();
        services.AddOptions<NetworkOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PlatformOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WalletOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<BudgetOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CostOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<InvitationOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<LimitOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RateOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FollowerOptions>().ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    /// <summary>
    /// Registers who owns addresses on the ledger: for silos, and for whoever passes operators' decisions on to owners.
    /// </summary>
    public static IServiceCollection AddStellarPayLedgerOwners(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<LedgerOwners>();
        return services.AddLedgerOwner<IWalletInternal, IWalletControl>(GrainState.Wallet).AddSuspenseInbox()
            .AddMerchantOwners().AddPaymentSessionOwners().AddPaymentAddressOwners();
    }

    /// <summary>Registers which accounts the platform has: for silos, and for whoever reads or adds what is stored of them.</summary>
    public static IServiceCollection AddStellarPayPlatformAccounts(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AnnounceSponsors().AnnounceFeeAccounts().AnnounceSuspense().AnnounceTreasury().AnnounceNotary();
    }

    /// <summary>
    /// Registers what encrypts seeds and signs with them. The host adds <see cref="IKeyEncryptionKey"/> and
    /// <see cref="Audit.IAuditLog"/>.
    /// </summary>
    public static IServiceCollection AddStellarPayKeys(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DataKeyCache>();
        services.TryAddSingleton<SeedCipher>();
        services.AddStellarPayPlatformAccounts();
        services.TryAddSingleton<IPlatformSeeds, PlatformSeeds>();
        services.AddOptions<KeyOptions>().ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
