using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace StellarPay.Adapters.Settings;

/// <summary>Reads the settings from appsettings and the environment, and checks them before anything starts.</summary>
public static class SettingsExtensions
{
    /// <summary>The names that people set, and where they lead.</summary>
    public static IReadOnlyList<(string Variable, string Property)> Variables { get; } =
    [
        ("STELLARPAY_POSTGRES", nameof(StellarPaySettings.Postgres)),
        ("STELLARPAY_POSTGRES_DIRECT", nameof(StellarPaySettings.PostgresDirect)),
        ("STELLARPAY_POSTGRES_IDLE_SECONDS", nameof(StellarPaySettings.PostgresIdleSeconds)),
        ("STELLARPAY_STATE", nameof(StellarPaySettings.StateFolder)),
        ("STELLARPAY_ROLES", nameof(StellarPaySettings.Roles)),
        ("STELLAR_NETWORK", nameof(StellarPaySettings.Network)),
        ("STELLARPAY_MODE", nameof(StellarPaySettings.Mode)),
        ("STELLAR_HORIZON_URL", nameof(StellarPaySettings.HorizonUrl)),
        ("STELLAR_NETWORK_PASSPHRASE", nameof(StellarPaySettings.NetworkPassphrase)),
        ("STELLAR_USDC_ISSUER", nameof(StellarPaySettings.UsdcIssuer)),
        ("WALLET_KEY_PROVIDER", nameof(StellarPaySettings.WalletKeyProvider)),
        ("AZURE_KEY_VAULT_KEY", nameof(StellarPaySettings.AzureKeyVaultKey)),
        ("WALLET_ENCRYPTION_KEY", nameof(StellarPaySettings.WalletEncryptionKey)),
        ("TOKEN_ENCRYPTION_KEY", nameof(StellarPaySettings.TokenEncryptionKey)),
        ("DATA_ENCRYPTION_KEY", nameof(StellarPaySettings.DataEncryptionKey)),
        ("STELLARPAY_HTTP_PORT", nameof(StellarPaySettings.HttpPort)),
        ("STELLARPAY_SANDBOX_PORT", nameof(StellarPaySettings.SandboxPort)),
        ("STELLARPAY_SANDBOX_CLOSE_MS", nameof(StellarPaySettings.SandboxCloseMilliseconds)),
        ("STELLARPAY_CLUSTER_ID", nameof(StellarPaySettings.ClusterId)),
        ("STELLARPAY_SERVICE_ID", nameof(StellarPaySettings.ServiceId)),
        ("STELLARPAY_SILO_ADDRESS", nameof(StellarPaySettings.SiloAddress)),
        ("STELLARPAY_SILO_PORT", nameof(StellarPaySettings.SiloPort)),
        ("STELLARPAY_GATEWAY_PORT", nameof(StellarPaySettings.GatewayPort)),
        ("STELLARPAY_CLUSTER_TLS", nameof(StellarPaySettings.ClusterTls)),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", nameof(StellarPaySettings.OtlpEndpoint)),
        ("STELLARPAY_METRICS_PORT", nameof(StellarPaySettings.MetricsPort)),
        ("STELLARPAY_METRICS_ADDRESS", nameof(StellarPaySettings.MetricsAddress)),
        ("STELLARPAY_FAULT", nameof(StellarPaySettings.Fault)),
    ];

    /// <summary>Adds the settings; the host refuses to start while one of them is wrong.</summary>
    public static IHostApplicationBuilder AddStellarPaySettings(this IHostApplicationBuilder builder)
    {
        AddVariables(builder.Configuration);
        builder.Services.AddSingleton<IValidateOptions<StellarPaySettings>>(
            new SettingsValidation(builder.Environment.IsDevelopment()));
        builder.Services.AddOptions<StellarPaySettings>()
            .BindConfiguration(StellarPaySettings.Section)
            .ValidateOnStart();
        return builder;
    }

    /// <summary>The settings, checked, for what must be known while the host is being built.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong; the message names it.</exception>
    public static StellarPaySettings ReadStellarPaySettings(this IHostApplicationBuilder builder)
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(builder.Configuration)
            .AddSingleton<IValidateOptions<StellarPaySettings>>(new SettingsValidation(builder.Environment.IsDevelopment()))
            .AddOptions<StellarPaySettings>().BindConfiguration(StellarPaySettings.Section)
            .Services.BuildServiceProvider();
        try
        {
            return services.GetRequiredService<IOptions<StellarPaySettings>>().Value;
        }
        catch (InvalidOperationException e) when (VariableOfWrongType(builder.Configuration) is { } wrong)
        {
            throw new OptionsValidationException(
                nameof(StellarPaySettings), typeof(StellarPaySettings), [$"{wrong} has a value of the wrong type: {e.InnerException?.Message ?? e.Message}"]);
        }
    }

    // The binder's own message names the property; people know the variable.
    private static string? VariableOfWrongType(IConfiguration configuration)
    {
        foreach (var (variable, property) in Variables)
        {
            var value = configuration[$"{StellarPaySettings.Section}:{property}"];
            var type = typeof(StellarPaySettings).GetProperty(property)!.PropertyType;
            if (value is not null && !System.ComponentModel.TypeDescriptor.GetConverter(type).IsValid(value))
            {
                return variable;
            }
        }

        return null;
    }

    private static void AddVariables(IConfigurationManager configuration)
    {
        var set = Variables
            .Where(pair => !string.IsNullOrEmpty(configuration[pair.Variable]))
            .ToDictionary(pair => $"{StellarPaySettings.Section}:{pair.Property}", pair => configuration[pair.Variable]);
        configuration.AddInMemoryCollection(set);
    }
}
