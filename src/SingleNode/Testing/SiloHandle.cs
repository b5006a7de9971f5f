using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using StellarPay.SingleNode;

namespace Orleans.TestingHost;

/// <summary>A silo of a test cluster.</summary>
public abstract class SiloHandle : IDisposable, IAsyncDisposable
{
    public TestClusterOptions? ClusterOptions { get; set; }

    public string Name { get; set; } = "";

    public short InstanceNumber { get; set; }

    public SiloAddress SiloAddress { get; set; } = SiloAddress.Zero;

    public SiloAddress GatewayAddress { get; set; } = SiloAddress.Zero;

    public abstract bool IsActive { get; }

    public abstract Task StopSiloAsync(bool stopGracefully);

    public abstract Task StopSiloAsync(CancellationToken ct);

    public abstract ValueTask DisposeAsync();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    public override string ToString() => $"{Name} {SiloAddress}";

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A silo in this process.</summary>
public class InProcessSiloHandle : SiloHandle
{
    private bool _isActive = true;

    public override bool IsActive => _isActive;

    public IHost SiloHost { get; init; } = default!;

    public IServiceProvider ServiceProvider => SiloHost.Services;

    public static async Task<InProcessSiloHandle> CreateAsync(
        string siloName, IConfiguration configuration, Action<IHostBuilder>? postConfigureHostBuilder = null)
    {
        var host = TestHosts.CreateSilo(siloName, configuration, postConfigureHostBuilder);
        await host.StartAsync();
        var silo = host.Services.GetRequiredService<Silo>();
        return new InProcessSiloHandle
        {
            Name = siloName,
            SiloHost = host,
            SiloAddress = silo.SiloAddress,
            GatewayAddress = silo.GatewayAddress,
        };
    }

    public override async Task StopSiloAsync(bool stopGracefully)
    {
        using var stop = new CancellationTokenSource();
        if (!stopGracefully && _isActive)
        {
            ServiceProvider.GetRequiredService<Silo>().Kill();
            await stop.CancelAsync();
        }

        await StopSiloAsync(stop.Token);
    }

    public override async Task StopSiloAsync(CancellationToken ct)
    {
        if (!_isActive)
        {
            return;
        }

        _isActive = false;
        try
        {
            await SiloHost.StopAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // A silo that is killed need not have stopped in order.
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await StopSiloAsync(stopGracefully: true);
        if (SiloHost is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ServiceProvider.GetService<Silo>()?.Kill();
            _isActive = false;
            SiloHost.Dispose();
        }
    }
}
