using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Grains.Costs;

namespace StellarPay.Grains.Accounts;

/// <summary>What the account engine is made of.</summary>
internal static class AccountServiceCollectionExtensions
{
    public static IServiceCollection AddAccountEngine(this IServiceCollection services)
    {
        services.TryAddSingleton<SigningFactsReader>();
        services.TryAddSingleton<SubmissionSigner>();
        services.TryAddSingleton<OperationPrices>();
        services.TryAddSingleton<AccountServices>();
        return services;
    }
}
