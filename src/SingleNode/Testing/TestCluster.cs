using System.Collections.ObjectModel;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using StellarPay.SingleNode;

namespace Orleans.TestingHost;

/// <summary>Several silos and a client in this process, for tests.</summary>
public class TestCluster : IDisposable, IAsyncDisposable
{
    private readonly List<SiloHandle> _silos = [];
    private IHost? _client;
    private short _nextInstance;

    internal TestCluster(TestClusterOptions options, IReadOnlyList<IConfigurationSource> configurationSources)
    {
        Options = options;
        ConfigurationSources = configurationSources;
    }

    public TestClusterOptions Options { get; }

    public IReadOnlyList<IConfigurationSource> ConfigurationSources { get; }

    public SiloHandle? Primary => Silos.FirstOrDefault(silo => silo.InstanceNumber == 0);

    public IReadOnlyList<SiloHandle> SecondarySilos => [.. Silos.Where(silo => silo.InstanceNumber != 0)];

    public ReadOnlyCollection<SiloHandle> Silos
    {
        get
        {
            lock (_silos)
            {
                return _silos.ToArray().AsReadOnly();
            }
        }
    }

    public IClusterClient Client => ServiceProvider.GetRequiredService<IClusterClient>();

    public IGrainFactory GrainFactory => Client;

    public IServiceProvider ServiceProvider => _client?.Services
        ?? throw new InvalidOperationException("The client of the test cluster is not running.");

    public async Task DeployAsync()
    {
        if (Silos.Count > 0)
        {
            throw new InvalidOperationException("Cluster host already deployed.");
        }

        for (var i = 0; i < Options.InitialSilosCount; i++)
        {
            await StartAdditionalSiloAsync();
        }

        if (Options.InitializeClientOnDeploy)
        {
            await InitializeClientAsync();
        }
    }

    public async Task InitializeClientAsync()
    {
        _client = TestHosts.CreateClient(Configuration([]));
        await _client.StartAsync();
    }

    public async Task StopClusterClientAsync()
    {
        if (Interlocked.Exchange(ref _client, null) is { } client)
        {
            await client.StopAsync();
            client.Dispose();
        }
    }

    public Task KillClientAsync() => StopClusterClientAsync();

    public Task<SiloHandle> StartAdditionalSiloAsync(bool startAdditionalSiloOnNewPort = false) =>
        StartAsync(_nextInstance++);

    public async Task<List<SiloHandle>> StartAdditionalSilosAsync(
        int silosToStart, bool startAdditionalSiloOnNewPort = false)
    {
        var started = new List<SiloHandle>();
        for (var i = 0; i < silosToStart; i++)
        {
            started.Add(await StartAdditionalSiloAsync(startAdditionalSiloOnNewPort));
        }

        return started;
    }

    public Task StopSiloAsync(SiloHandle instance) => EndAsync(instance, stopGracefully: true);

    public Task KillSiloAsync(SiloHandle instance) => EndAsync(instance, stopGracefully: false);

    public Task StopPrimarySiloAsync() => Primary is { } primary ? StopSiloAsync(primary) : Task.CompletedTask;

    public async Task StopSecondarySilosAsync()
    {
        foreach (var silo in SecondarySilos)
        {
            await StopSiloAsync(silo);
        }
    }

    public async Task StopAllSilosAsync()
    {
        await StopClusterClientAsync();
        await StopSecondarySilosAsync();
        await StopPrimarySiloAsync();
    }

    public async Task<SiloHandle?> RestartSiloAsync(SiloHandle instance)
    {
        await StopSiloAsync(instance);
        return await StartAsync(instance.InstanceNumber);
    }

    public IEnumerable<SiloHandle> GetActiveSilos() => Silos.Where(silo => silo.IsActive);

    public SiloHandle? GetSiloForAddress(SiloAddress siloAddress) =>
        Silos.FirstOrDefault(silo => silo.SiloAddress.Equals(siloAddress));

    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null)
    {
        var handle = silo is null ? Silos.FirstOrDefault() : GetSiloForAddress(silo);
        return (handle as InProcessSiloHandle)?.ServiceProvider
            ?? throw new ArgumentException($"The silo {silo} is not of this cluster.", nameof(silo));
    }

    public Task WaitForLivenessToStabilizeAsync(bool didKill = false) => Task.CompletedTask;

    public void Dispose()
    {
        _client?.Dispose();
        _client = null;
        foreach (var silo in TakeSilos())
        {
            silo.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    public async ValueTask DisposeAsync()
    {
        await StopClusterClientAsync();
        foreach (var silo in TakeSilos())
        {
            await silo.StopSiloAsync(stopGracefully: false);
            await silo.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private async Task<SiloHandle> StartAsync(short instance)
    {
        var name = instance == 0 ? "Primary" : $"Secondary_{instance}";
        var handle = await InProcessSiloHandle.CreateAsync(name, Configuration(new Dictionary<string, string?>
        {
            ["SiloName"] = name,
            ["SiloPort"] = (Options.BaseSiloPort + instance).ToString(CultureInfo.InvariantCulture),
            ["GatewayPort"] = (Options.BaseGatewayPort + instance).ToString(CultureInfo.InvariantCulture),
        }));
        handle.InstanceNumber = instance;
        handle.ClusterOptions = Options;
        lock (_silos)
        {
            _silos.Add(handle);
        }

        return handle;
    }

    private async Task EndAsync(SiloHandle silo, bool stopGracefully)
    {
        lock (_silos)
        {
            _silos.Remove(silo);
        }

        await silo.StopSiloAsync(stopGracefully);
        await silo.DisposeAsync();
    }

    private SiloHandle[] TakeSilos()
    {
        lock (_silos)
        {
            var all = _silos.ToArray();
            _silos.Clear();
            return all;
        }
    }

    private IConfiguration Configuration(Dictionary<string, string?> own)
    {
        var builder = new ConfigurationBuilder();
        foreach (var source in ConfigurationSources)
        {
            builder.Add(source);
        }

        return builder.AddInMemoryCollection(own).Build();
    }
}
