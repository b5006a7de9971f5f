namespace StellarPay.Frontdoor.Notices;

/// <summary>What people are told besides codes.</summary>
internal static class NoticeExtensions
{
    public static void AddNotices(this IServiceCollection services)
    {
        services.AddSingleton<NoticeStore>();
        services.AddSingleton<NoticeComposer>();
        services.AddHostedService<NoticeFollower>();
    }
}
