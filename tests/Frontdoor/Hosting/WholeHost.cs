using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Settings;
using StellarPay.Demo;
using StellarPay.Frontdoor.Webhooks.Targets;
using StellarPay.Sandbox;
using StellarPay.Silo.Hosting;
using StellarPay.Silo.Telemetry;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>A front door over the real grains, in a silo in the same process, on a sandbox network of its own.</summary>
public class WholeHost : FrontdoorHost
{
    private const string WalletKey = "f0e1d2c3b4a5968778695a4b3c2d1e0f00112233445566778899aabbccddeeff";
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(120);

    private SandboxHost _sandbox = null!;

    /// <summary>The sandbox network's Horizon.</summary>
    public Uri Sandbox => _sandbox.BaseAddress;

    protected override Dictionary<string, string?> Settings => new()
    {
        ["STELLARPAY_ROLES"] = "silo,frontdoor",
        ["STELLAR_HORIZON_URL"] = Sandbox.ToString(),
        ["WALLET_ENCRYPTION_KEY"] = WalletKey,
        ["STELLARPAY_SILO_PORT"] = $"{FreePorts.Next()}",
        ["STELLARPAY_GATEWAY_PORT"] = $"{FreePorts.Next()}",
        // Few of these tests are about it.
        ["StellarPay:Limits:DailyWithoutFactor"] = "25000",
        ["StellarPay:Webhooks:AllowLoopback"] = "true",
    };

    // The shops of these tests: at this machine, where nobody listens.
    protected override void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<ResolveName>((host, _) => Task.FromResult<IPAddress[]>(host == "shop.example.com" ? [IPAddress.Loopback] : []));

    public override async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Port = 0, CloseInterval = TimeSpan.FromMilliseconds(200) },
            configureLogging: logging => logging.ClearProviders());
        await base.InitializeAsync();
        await UntilReadyAsync();
    }

    /// <summary>Starts anew on the same database and network, with the settings as they are by then.</summary>
    internal async Task RestartWholeAsync()
    {
        await RestartAsync();
        await UntilReadyAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _sandbox.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override async Task<NetworkProfile> AddGrainsAsync(WebApplicationBuilder builder)
    {
        var settings = builder.ReadStellarPaySettings();
        var network = await NetworkProfileResolver.ResolveAsync(settings, CancellationToken.None);
        builder.AddStellarPayTelemetry(settings);
        builder.AddStellarPaySilo(settings, network);
        return network;
    }

    internal override async Task<long> CountChangesAsync()
    {
        // A wallet opens in its own time; what a caller can cause are payments.
        await using var command = Database.DataSource.CreateCommand("SELECT count(*) FROM events WHERE type LIKE 'payment.%'");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private async Task UntilReadyAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        using var deadline = new CancellationTokenSource(ReadyDeadline);
        while ((await Anonymous().GetAsync("/health/ready")).Status != HttpStatusCode.OK)
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }
}
