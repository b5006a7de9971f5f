using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>A silo: a host whose activations share services and end together.</summary>
internal sealed partial class Silo : CallHost, ILocalSiloDetails, IAsyncDisposable
{
    private static int _generations;

    private readonly SiloLifecycle _lifecycle = new();
    private readonly IdleCollector _collector;
    private readonly ClusterOptions _clusterOptions;
    private readonly IClusterLocation _location;
    private Cluster? _cluster;

    public Silo(
        IServiceProvider services,
        TimeProvider time,
        IEnumerable<IClusterLocation> locations,
        IOptions<ClusterOptions> clusterOptions,
        IOptions<SiloOptions> siloOptions,
        IOptions<EndpointOptions> endpoint,
        IOptions<SiloMessagingOptions> messaging,
        IOptions<GrainCollectionOptions> collection,
        ILoggerFactory loggers)
        : base(new PendingCalls(time, messaging.Value.ResponseTimeout))
    {
        Services = services;
        Time = time;
        Collection = collection.Value;
        Name = siloOptions.Value.SiloName;
        Logger = loggers.CreateLogger("Orleans.SingleNode");
        _clusterOptions = clusterOptions.Value;
        _location = locations.LastOrDefault() ?? throw new OrleansConfigurationException(
            "No clustering is configured: call UseLocalhostClustering or UseAdoNetClustering.");
        var address = endpoint.Value;
        var generation = Interlocked.Increment(ref _generations);
        SiloAddress = SiloAddress.New(address.AdvertisedIPAddress, address.SiloPort, generation);
        GatewayAddress = SiloAddress.New(address.AdvertisedIPAddress, address.GatewayPort, generation);
        _collector = new IdleCollector(this);
    }

    public IServiceProvider Services { get; }

    public TimeProvider Time { get; }

    public GrainCollectionOptions Collection { get; }

    public ILogger Logger { get; }

    public string Name { get; }

    public string ClusterId => _clusterOptions.ClusterId;

    public string DnsHostName => Dns.GetHostName();

    public SiloAddress SiloAddress { get; }

    public SiloAddress GatewayAddress { get; }

    public SiloStatus Status { get; private set; } = SiloStatus.Created;

    public bool TakesActivations => Status == SiloStatus.Active;

    public IIncomingGrainCallFilter[] IncomingFilters { get; private set; } = [];

    public override Cluster Cluster => _cluster
        ?? throw new InvalidOperationException($"Silo {Name} has not started, so it can make no grain call yet.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Status = SiloStatus.Joining;
        foreach (var validator in Services.GetServices<IConfigurationValidator>())
        {
            validator.ValidateConfiguration();
        }

        foreach (var face in GrainClasses.All.Interfaces)
        {
            MessageContract.Check(face);
        }

        UseOutgoingFilters(Services.GetServices<IOutgoingGrainCallFilter>());
        IncomingFilters = [.. Services.GetServices<IIncomingGrainCallFilter>()];
        foreach (var participant in Services.GetServices<ILifecycleParticipant<ISiloLifecycle>>())
        {
            participant.Participate(_lifecycle);
        }

        _lifecycle.Subscribe<Silo>(ServiceLifecycleStage.BecomeActive, _ =>
        {
            Status = SiloStatus.Active;
            _collector.Start();
            return Task.CompletedTask;
        });
        _cluster = Clusters.JoinOrCreate(_location.Names(_clusterOptions));
        RefuseTakenPort(_cluster);
        _cluster.Join(this);
        try
        {
            await _lifecycle.StartAsync(cancellationToken);
        }
        catch
        {
            Kill();
            throw;
        }

        LogStarted(Logger, Name, SiloAddress.ToParsableString());
    }

    /// <summary>Ends in order: no new activations, each activation deactivated, then the services.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Status is SiloStatus.Dead or SiloStatus.Created)
        {
            return;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            Kill();
            return;
        }

        Status = SiloStatus.ShuttingDown;
        _collector.Dispose();
        await DeactivateAllAsync(cancellationToken);
        try
        {
            await _lifecycle.StopAsync(cancellationToken);
        }
        finally
        {
            Kill();
        }
    }

    /// <summary>Ends at once, as a process that is killed: nothing that was running here goes on.</summary>
    public void Kill()
    {
        if (Status == SiloStatus.Dead)
        {
            return;
        }

        Status = SiloStatus.Dead;
        _collector.Dispose();
        if (_cluster is { } cluster)
        {
            cluster.Leave(this);
            foreach (var activation in cluster.On(this))
            {
                cluster.Forget(activation);
                activation.Kill(Lost);
            }

            Clusters.ForgetIfEmpty(cluster);
        }

        Pending.EndAll(Lost);
        Pending.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        return ValueTask.CompletedTask;
    }

    private async Task DeactivateAllAsync(CancellationToken cancellationToken)
    {
        while (Cluster.On(this) is { Count: > 0 } activations)
        {
            foreach (var activation in activations)
            {
                activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is stopping."));
            }

            try
            {
                await Task.WhenAll(activations.Select(activation => activation.Deactivated))
                    .WaitAsync(Collection.DeactivationTimeout, Time, cancellationToken);
            }
            catch (Exception error) when (error is TimeoutException or OperationCanceledException)
            {
                LogNotAllDeactivated(Logger, Name, activations.Count(each => !each.IsDead));
                return;
            }
        }
    }

    private void RefuseTakenPort(Cluster cluster)
    {
        if (cluster.Silos.FirstOrDefault(silo => silo.SiloAddress.Endpoint.Equals(SiloAddress.Endpoint)) is { } other)
        {
            throw new OrleansConfigurationException(
                $"Silo {other.Name} of this process already has the address {SiloAddress.Endpoint}. "
                + "Give each silo a port of its own.");
        }
    }

    private SiloUnavailableException Lost(GrainCall call) =>
        new($"Silo {Name} ({SiloAddress.ToParsableString()}) went away before it answered {call}.");

    [LoggerMessage(110, LogLevel.Information, "Silo {Name} is active at {Address}; the runtime is SingleNode.")]
    private static partial void LogStarted(ILogger logger, string name, string address);

    [LoggerMessage(111, LogLevel.Warning, "Silo {Name} stopped although {Count} activations had not ended.")]
    private static partial void LogNotAllDeactivated(ILogger logger, string name, int count);
}
