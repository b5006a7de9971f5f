using Microsoft.Extensions.Options;
using StellarPay.Sandbox.Admin;
using StellarPay.Sandbox.Horizon;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Network;

namespace StellarPay.Sandbox;

/// <summary>Puts a sandbox network and its HTTP API into a host.</summary>
public static class SandboxServices
{
    /// <summary>Adds the network; <see cref="MapSandbox"/> starts it and adds its HTTP API.</summary>
    public static IServiceCollection AddSandbox(this IServiceCollection services, Action<SandboxOptions> configure)
    {
        services.AddOptions<SandboxOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new SandboxNetwork(
            provider.GetRequiredService<IOptions<SandboxOptions>>().Value,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<SandboxNetwork>>()));
        return services;
    }

    /// <summary>Starts the network and maps the Horizon API and the admin API at the application's root.</summary>
    /// <exception cref="Storage.SandboxDataException">The data folder cannot be used.</exception>
    public static WebApplication MapSandbox(this WebApplication application)
    {
        var network = application.Services.GetRequiredService<SandboxNetwork>();
        network.Start();
        // The server waits for its requests, so streams and submissions must not outlast the order to stop.
        application.Lifetime.ApplicationStopping.Register(network.Stop);
        application.UseMiddleware<HorizonPipeline>();
        AdminEndpoints.Map(application);
        HorizonEndpoints.Map(application);
        return application;
    }
}
