using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using StellarPay.Sandbox.Horizon.Transactions;
using StellarPay.Sandbox.Network;

namespace StellarPay.Sandbox;

/// <summary>A sandbox network with its own web server, in this process; it stops when it is disposed of.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private SandboxHost(WebApplication application, Uri baseAddress)
    {
        _application = application;
        BaseAddress = baseAddress;
        Network = application.Services.GetRequiredService<SandboxNetwork>();
    }

    /// <summary>Where the Horizon API is.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The account that issues the platform's USDC on this network.</summary>
    public string UsdcIssuer => Network.Keys.UsdcIssuer.AccountId.ToString();

    internal SandboxNetwork Network { get; }

    /// <summary>Starts a network, or goes on with the one in the data folder, and listens.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="time">The time that ledgers close at; the system's if null.</param>
    /// <param name="configureLogging">Where its log goes; warnings go to the console if null.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="SandboxStartException">The port is taken, or the data folder cannot be used; the message says
    /// which.</exception>
    public static async Task<SandboxHost> StartAsync(
        SandboxOptions options,
        TimeProvider? time = null,
        Action<ILoggingBuilder>? configureLogging = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        (configureLogging ?? (logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning)))(builder.Logging);
        // A start that fails is told to the caller, in a sentence.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.WebHost.UseKestrel(server => Configure(server, options));
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSandbox(copy => copy.CopyFrom(options));
        var application = builder.Build();
        try
        {
            application.MapSandbox();
            await application.StartAsync(cancellationToken);
            return new SandboxHost(application, AddressOf(application));
        }
        catch (Exception exception)
        {
            await application.DisposeAsync();
            throw Explain(exception, options);
        }
    }

    /// <summary>Completes when the host stops, by signal or by <see cref="DisposeAsync"/>.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) =>
        _application.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private static void Configure(KestrelServerOptions server, SandboxOptions options)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = SubmissionEndpoints.MaxFormBytes;
        server.Listen(IPAddress.Parse(options.Address), options.Port);
    }

    private static Uri AddressOf(WebApplication application) =>
        new(application.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.First());

    private static Exception Explain(Exception exception, SandboxOptions options) => exception switch
    {
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } or SocketException =>
            new SandboxStartException(
                $"Port {options.Port} on {options.Address} is taken: another program listens there. " +
                "Stop it, or choose another port for the sandbox.",
                exception),
        Storage.SandboxDataException or Microsoft.Extensions.Options.OptionsValidationException =>
            new SandboxStartException(exception.Message, exception),
        _ => exception,
    };
}
