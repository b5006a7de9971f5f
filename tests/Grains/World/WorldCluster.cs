using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace StellarPay.Grains.Tests.World;

/// <summary>Silos and a client in this process that talk through memory.</summary>
internal static class WorldCluster
{
    /// <summary>A turn that is held for longer shows as a failure. Five seconds were too few beside eight busy builds.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    public static InProcessTestCluster Build(short silos, string serviceId, Action<ISiloBuilder> configure)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        builder.Options.ServiceId = serviceId;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
            // Orleans' own Debug lines are thousands a test, and each would be formatted and kept.
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddFilter("Orleans", LogLevel.Information));
            silo.AddOutgoingGrainCallFilter<CallRecorder>();
            configure(silo);
        });
        builder.ConfigureClient(client =>
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout));
        return builder.Build();
    }
}
