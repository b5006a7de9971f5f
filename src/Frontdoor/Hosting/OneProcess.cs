using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Postgres.Migrations;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Development;
using StellarPay.Sandbox;
using StellarPay.Silo.Hosting;
using StellarPay.Silo.Telemetry;

namespace StellarPay.Frontdoor.Hosting;

/// <summary>
/// Runs what this process's roles say: the sandbox network, a silo and the front door, or some of them.
/// </summary>
public static class OneProcess
{
    // Settings are read once. Watching their files means watching the whole folder below the working directory, where the
    // private database and the sandbox write all the time.
    private const string StillSettings = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>Runs until it is told to stop.</summary>
    /// <returns>The process's exit code.</returns>
    public static Task<int> RunAsync(string[] args) =>
        StartFailures.ExplainAsync(() => RunRolesAsync(args), e => e is SandboxStartException ? e.Message : null);

    private static async Task RunRolesAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder([.. args, StillSettings]);
        builder.AddStellarPaySettings();
        var settings = builder.ReadStellarPaySettings();
        builder.CheckSettings(settings, FrontdoorExtensions.AddStellarPayFrontdoor);
        await using var sandbox = settings.Hosts("sandbox") ? await StartSandboxAsync(settings) : null;
        if (!settings.Hosts("silo") && !settings.Hosts("frontdoor"))
        {
            await RunUntilStoppedAsync(builder);
            return;
        }

        await using var app = await BuildAsync(builder, settings);
        await app.MigratePostgresAsync();
        try
        {
            await app.StartOrStopAsync();
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop before it had started, which is no failure.
            return;
        }

        Announce(app, settings, sandbox);
        await app.WaitForShutdownAsync();
    }

    /// <summary>Builds a host of the silo and the front door, whichever the settings name, on a network that answers.</summary>
    public static async Task<WebApplication> BuildAsync(WebApplicationBuilder builder, StellarPaySettings settings)
    {
        var network = await NetworkProfileResolver.ResolveAsync(settings, CancellationToken.None);
        builder.AddStellarPayTelemetry(settings);
        if (settings.Hosts("silo"))
        {
            builder.AddStellarPaySilo(settings, network);
        }
        else
        {
            builder.AddStellarPayClient(settings);
        }

        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls($"http://127.0.0.1:{settings.HttpPort}");
        }

        builder.AddStellarPayFrontdoor(network);
        var app = builder.Build();
        app.MapStellarPayFrontdoor();
        if (app.Environment.IsDevelopment())
        {
            app.MapProcess();
            app.MapInbox();
        }

        if (app.Environment.IsDevelopment() && settings.Hosts("silo"))
        {
            app.MapFaults();
        }

        return app;
    }

    private static Task<SandboxHost> StartSandboxAsync(StellarPaySettings settings) => SandboxHost.StartAsync(new SandboxOptions
    {
        Port = settings.SandboxPort,
        DataFolder = Path.Combine(settings.StateFolder, "sandbox"),
        CloseInterval = TimeSpan.FromMilliseconds(settings.SandboxCloseMilliseconds),
        Passphrase = settings.NetworkPassphrase.Length > 0 ? settings.NetworkPassphrase : SandboxOptions.StandalonePassphrase,
    });

    private static async Task RunUntilStoppedAsync(WebApplicationBuilder builder)
    {
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var idle = builder.Build();
        await idle.RunAsync();
    }

    private static void Announce(WebApplication app, StellarPaySettings settings, SandboxHost? sandbox)
    {
        var url = app.Urls.FirstOrDefault() ?? $"http://127.0.0.1:{settings.HttpPort}";
        Console.WriteLine();
        Console.WriteLine($"  StellarPay       {url}");
        Console.WriteLine($"  API to browse    {url}/docs");
        Console.WriteLine($"  live updates     {url}/hubs/live");
        if (sandbox is not null)
        {
            Console.WriteLine($"  sandbox network  {sandbox.BaseAddress} (Horizon API, friendbot)");
        }

        Console.WriteLine("  Ctrl-C stops all of it");
        Console.WriteLine();
    }
}
