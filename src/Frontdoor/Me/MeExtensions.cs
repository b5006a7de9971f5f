using StellarPay.Frontdoor.Me.ContactChanges;
using StellarPay.Frontdoor.Me.PersonalData;
using StellarPay.Frontdoor.Me.Profiles;

namespace StellarPay.Frontdoor.Me;

/// <summary>The person behind a wallet.</summary>
internal static class MeExtensions
{
    public static void AddMe(this IServiceCollection services)
    {
        services.AddSingleton<HandleBook>();
        services.AddSingleton<ProfileBook>();
        services.AddScoped<MeReader>();
        services.AddScoped<Confirmation>();
        services.AddSingleton<ContactChangeBook>();
        services.AddSingleton<ContactChangeMessages>();
        services.AddScoped<ContactChange>();
        services.AddScoped<PersonalDataReader>();
        services.AddSingleton<ErasureStore>();
        services.AddScoped<Erasure>();
        services.AddHostedService<ErasuresUnderWay>();
    }
}
