using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace StellarPay.SingleNode.Tests;

/// <summary>A cluster of one silo with storage and reminders in memory, shared by the tests that change none of it.</summary>
public sealed class OneSilo : IAsyncLifetime
{
    private TestCluster? _cluster;

    public TestCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not started.");

    public IGrainFactory Grains => Cluster.GrainFactory;

    public async ValueTask InitializeAsync()
    {
        var builder = new TestClusterBuilder(1);
        builder.AddSiloBuilderConfigurator<Silo>();
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.StopAllSilosAsync();
            await _cluster.DisposeAsync();
        }
    }

    private sealed class Silo : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            siloBuilder.AddMemoryGrainStorageAsDefault();
            siloBuilder.AddMemoryGrainStorage("other");
            siloBuilder.UseInMemoryReminderService();
            siloBuilder.Services.AddSingleton(new Gates());
        }
    }
}
