using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Faults;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Keys;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Rates;
using StellarPay.Adapters.Settings;
using StellarPay.Grains;
using StellarPay.Grains.Books;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Wallets;

namespace StellarPay.Silo.Hosting;

/// <summary>What the grains of a silo need, apart from Orleans itself.</summary>
internal static class SiloServices
{
    public static IServiceCollection AddStellarPaySiloServices(
        this IServiceCollection services, StellarPaySettings settings, NetworkProfile network)
    {
        services.AddStellarPayGrains();
        services.AddStellarPayDatabase();
        services.AddStellarPayProjections();
        services.AddStellarPayKeyPruning();
        services.AddStellarPayReconciliation();
        services.AddKeyEncryptionKey(settings);
        services.AddHorizonNetwork(network);
        services.AddOptions<NetworkOptions>().BindConfiguration(NetworkOptions.Section).Configure(options =>
        {
            options.Passphrase = network.Passphrase;
            options.Assets = [network.Usdc];
            options.Friendbot = network.Friendbot;
            if (network.FriendbotAddress is { } friendbot)
            {
                // Beside those that the settings name.
                options.FundingSources = [.. options.FundingSources, friendbot];
            }

            options.Live = settings.Mode == DeploymentMode.Auto ? null : settings.Mode == DeploymentMode.Live;
            options.StartCursor = network.FromBeginning ? "0" : "now";
        });
        services.AddRates(settings);
        services.AddOptions<RateOptions>().BindConfiguration(RateOptions.Section);
        services.AddOptions<BookOptions>().BindConfiguration(BookOptions.Section);
        services.AddOptions<BudgetOptions>().BindConfiguration(BudgetOptions.Section);
        services.AddOptions<CostOptions>().BindConfiguration(CostOptions.Section);
        services.AddOptions<InvitationOptions>().BindConfiguration(InvitationOptions.Section);
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section);
        services.AddOptions<MerchantFeeOptions>().BindConfiguration(MerchantFeeOptions.Section);
        services.AddOptions<PaymentSessionOptions>().BindConfiguration(PaymentSessionOptions.Section);
        services.AddOptions<PaymentAddressOptions>().BindConfiguration(PaymentAddressOptions.Section);
        services.AddOptions<RefundOptions>().BindConfiguration(RefundOptions.Section);
        services.AddOptions<WalletOptions>().BindConfiguration(WalletOptions.Section);
        services.AddOptions<FollowerOptions>().BindConfiguration(FollowerOptions.Section);
        services.AddOptions<KeyOptions>().BindConfiguration(KeyOptions.Section);
        services.AddOptions<PlatformOptions>().BindConfiguration(PlatformOptions.Section);
        services.AddSingleton<ArmedFaults>();
        services.AddSingleton<IFaultPoints>(provider => Arm(provider));
        return services;
    }

    private static ArmedFaults Arm(IServiceProvider provider)
    {
        var faults = provider.GetRequiredService<ArmedFaults>();
        if (provider.GetRequiredService<IOptions<StellarPaySettings>>().Value.Fault is { Length: > 0 } setting)
        {
            faults.Arm(setting);
        }

        return faults;
    }
}
