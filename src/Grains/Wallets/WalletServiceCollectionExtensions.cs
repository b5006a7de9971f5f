using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Grains.Accounts.Openings;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Invitations;

namespace StellarPay.Grains.Wallets;

/// <summary>What wallets are made of.</summary>
internal static class WalletServiceCollectionExtensions
{
    public static IServiceCollection AddWallets(this IServiceCollection services)
    {
        services.TryAddSingleton<WalletSettings>();
        services.TryAddSingleton<WalletLedger>();
        services.TryAddSingleton<WalletStore>();
        services.TryAddSingleton<OpeningServices>();
        services.TryAddSingleton<WalletEngines>();
        services.TryAddSingleton<MinimumPayment>();
        services.TryAddSingleton<OperationFees>();
        services.TryAddSingleton<UserBudgets>();
        services.TryAddSingleton<WalletLimitRules>();
        services.TryAddSingleton<WalletStepUp>();
        services.TryAddSingleton<WalletCompliance>();
        services.TryAddSingleton<WalletConfirmations>();
        services.TryAddSingleton<WalletQuotes>();
        services.TryAddSingleton<WalletReclaims>();
        services.TryAddSingleton<WalletTraces>();
        services.TryAddSingleton<WalletControl>();
        services.TryAddSingleton<ClosingSweeps>();
        services.TryAddSingleton<WalletClosings>();
        services.TryAddSingleton<WalletInvitations>();
        services.TryAddSingleton<WalletParts>();
        return services;
    }
}
