using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Sessions;

/// <summary>What payment sessions announce.</summary>
internal static class PaymentSessionServiceCollectionExtensions
{
    public static IServiceCollection AddPaymentSessions(this IServiceCollection services)
    {
        services.TryAddSingleton<SessionPrices>();
        services.TryAddSingleton<SessionVoice>();
        services.TryAddSingleton<ReadLedgers>();
        services.TryAddSingleton<RefundPayers>();
        services.TryAddSingleton<RefundAddressCheck>();
        services.TryAddSingleton<PaymentSessionServices>();
        services.AddOptions<RefundOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PaymentSessionOptions>().ValidateDataAnnotations().ValidateOnStart();
        return services.AddWakeable<IPaymentSessionGrain>(PaymentSessionState.Name, WakeLane.Recovery);
    }

    /// <summary>Lets sessions be named at addresses: for silos, and for whoever passes operators' decisions on to them.</summary>
    public static IServiceCollection AddPaymentSessionOwners(this IServiceCollection services) =>
        services.AddLedgerOwner<IPaymentSessionInternal, IPaymentSessionControl>(PaymentSessionState.Name);
}
