using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Notices;

/// <summary>What people are told besides codes.</summary>
internal static class NoticeExtensions
{
    public static void AddNotices(this IServiceCollection services)
    {
        // From when on received money is told; a front door of its own reads what silos do.
        services.AddOptions<WalletOptions>().BindConfiguration(WalletOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<NoticeStore>();
        services.AddSingleton<NoticeHours>();
        services.AddSingleton<NoticeComposer>();
        services.AddSingleton<MerchantReaders>();
        services.AddSingleton<PayerReach>();
        services.AddSingleton<CustomerNotices>();
        services.AddHostedService<NoticeFollower>();
    }
}
