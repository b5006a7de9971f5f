using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Development;
using StellarPay.Frontdoor.Messages.Budgets;

namespace StellarPay.Frontdoor.Messages;

/// <summary>What is said to people outside of the API.</summary>
internal static class MessageExtensions
{
    public static void AddMessages(this IServiceCollection services, bool development)
    {
        services.AddOptions<MessageOptions>().BindConfiguration(MessageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new MessageSeal(
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development)));
        services.AddSingleton(provider => new MessageBudget(
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development),
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<IOptions<MessageOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<MessageOutbox>();
        services.AddSingleton<MessageBell>();
        services.AddSingleton<MessageTransports>();
        services.AddHostedService<MessageSender>();
        if (development)
        {
            services.AddDevelopmentInbox();
        }
    }
}
