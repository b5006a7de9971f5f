using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>What accounts of sessions announce.</summary>
internal static class PaymentAddressServiceCollectionExtensions
{
    public static IServiceCollection AddPaymentAddresses(this IServiceCollection services)
    {
        services.TryAddSingleton<PaymentAddressServices>();
        services.AddOptions<PaymentAddressOptions>().ValidateDataAnnotations().ValidateOnStart();
        return services.AddWakeable<IPaymentAddressGrain>(PaymentAddressState.Name, WakeLane.Recovery)
            .AddKeyHolder<IPaymentAddressGrain>(PaymentAddressState.Name);
    }

    /// <summary>Lets sessions' accounts own addresses: for silos, and for whoever passes operators' decisions on to them.</summary>
    public static IServiceCollection AddPaymentAddressOwners(this IServiceCollection services) =>
        services.AddLedgerOwner<IPaymentAddressInternal, IPaymentAddressControl>(PaymentAddressState.Name);
}
