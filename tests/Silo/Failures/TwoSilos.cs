using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Placement;
using Orleans.Storage;
using Orleans.TestingHost;
using StellarPay.Grains.Requests;
using StellarPay.Grains.Storage;
using StellarPay.Silo.Hosting.Failures;

namespace StellarPay.Silo.Tests.Failures;

/// <summary>Two silos and a client, with failures travelling between them as in production.</summary>
public sealed class TwoSilos : IAsyncLifetime
{
    /// <summary>Far beyond what a busy machine may take for an answer that comes at once.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(60);

    private const string Below = "below";

    private readonly ConcurrentDictionary<string, ScopedLog> _logs = [];
    private readonly InProcessTestCluster _cluster;

    public TwoSilos()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddKeyedSingleton<IGrainStorage, TroubleStorage>(Below);
            silo.AddGuardedGrainStorage(GrainState.Provider, Below);
            silo.AddStellarPayFailures();
            silo.Services.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        });
        builder.ConfigureSiloHost((silo, host) =>
        {
            host.Logging.ClearProviders();
            host.Logging.AddProvider(_logs.GetOrAdd(silo.SiloName, _ => new ScopedLog()));
        });
        _cluster = builder.Build();
    }

    /// <summary>What the other silo logged, where the failing grains are.</summary>
    internal ScopedLog Log => _logs[_cluster.Silos[1].Name];

    internal SiloAddress There => _cluster.Silos[1].SiloAddress;

    /// <summary>A client in a process of its own, as a front door without a silo is.</summary>
    internal IGrainFactory Client => _cluster.Client;

    /// <summary>One silo, which the calls come from, as from a front door beside it.</summary>
    internal IGrainFactory Here => _cluster.Silos[0].ServiceProvider.GetRequiredService<IGrainFactory>();

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    /// <summary>Calls under a request's id a grain that is placed on the other silo, or beside the caller.</summary>
    internal async Task<Exception> FailureOfAsync(string request, Func<Task> call, bool here = false)
    {
        RequestContext.Set(RequestIds.ContextKey, request);
        RequestContext.Set(IPlacementDirector.PlacementHintKey, _cluster.Silos[here ? 0 : 1].SiloAddress);
        try
        {
            await call();
        }
        catch (Exception e)
        {
            return e;
        }
        finally
        {
            RequestContext.Clear();
        }

        throw new InvalidOperationException("The call did not fail.");
    }
}
