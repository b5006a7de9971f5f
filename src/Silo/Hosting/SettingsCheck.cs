using System.Reflection;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Settings;
using StellarPay.Grains.Network;

namespace StellarPay.Silo.Hosting;

/// <summary>
/// Looks at all settings before anything is done with them. The host looks at most of them only when it starts, after the
/// sandbox has and the database is migrated, and writes a stack trace above the sentence.
/// </summary>
public static class SettingsCheck
{
    // Which network it will be is not known yet; what the settings say of it is.
    private static readonly NetworkProfile AnyNetwork = new(
        new Uri("http://network.invalid"), "any network", "USDC:GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAWHF", false, false);

    /// <summary>Checks the settings, and has the host warn of those that nothing reads once it starts.</summary>
    /// <param name="builder">The host. It must have the settings.</param>
    /// <param name="settings">Those, checked.</param>
    /// <param name="frontdoor">What adds the front door, where the process knows of one; its options classes are beside it.</param>
    /// <exception cref="OptionsValidationException">One is wrong; the message names it.</exception>
    public static void CheckSettings(
        this WebApplicationBuilder builder, StellarPaySettings settings,
        Func<IHostApplicationBuilder, NetworkProfile, IHostApplicationBuilder>? frontdoor = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(settings);
        Assembly[] known = [typeof(NetworkOptions).Assembly, typeof(StellarPaySettings).Assembly];
        var all = frontdoor is null ? known : [.. known, frontdoor.Method.Module.Assembly];
        var (wrong, unread) = new SettingsShape(all, whole: frontdoor is not null).Compare(builder.Configuration);
        if (wrong.Count > 0)
        {
            throw new OptionsValidationException(StellarPaySettings.Section, typeof(StellarPaySettings), wrong);
        }

        Rehearse(builder, settings, frontdoor);
        if (unread.Count > 0)
        {
            builder.Services.AddHostedService(services =>
                new UnreadSettings(unread, services.GetRequiredService<ILogger<UnreadSettings>>()));
        }
    }

    // The options of all that the process will hold, and of it nothing else.
    private static void Rehearse(
        WebApplicationBuilder builder, StellarPaySettings settings,
        Func<IHostApplicationBuilder, NetworkProfile, IHostApplicationBuilder>? frontdoor)
    {
        var rehearsal = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            EnvironmentName = builder.Environment.EnvironmentName,
        });
        rehearsal.Configuration.AddConfiguration(builder.Configuration);
        rehearsal.AddStellarPaySettings();
        if (settings.Hosts("silo"))
        {
            rehearsal.Services.AddStellarPaySiloServices(settings, AnyNetwork);
        }

        frontdoor?.Invoke(rehearsal, AnyNetwork);
        using var services = rehearsal.Services.BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}
