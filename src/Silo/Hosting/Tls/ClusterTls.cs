using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;
using StellarPay.Adapters.Settings;

namespace StellarPay.Silo.Hosting.Tls;

/// <summary>
/// Has silos and front doors speak TLS to each other and show each other certificates of the cluster's own authority: whoever reaches a
/// silo's ports could else call any grain as anybody. Without certificates they stay on one machine, outside of development.
/// </summary>
internal static class ClusterTls
{
    // What Orleans puts into the TLS hello; nobody looks at it, because silos are known by their addresses.
    private const string Name = "stellarpay";

    public static ISiloBuilder AddClusterTls(this ISiloBuilder silo, StellarPaySettings settings, IHostEnvironment environment)
    {
        if (settings.ClusterTls.Length > 0)
        {
            var certificates = new ClusterCertificates(settings.ClusterTls, TimeProvider.System);
            Tell<SiloConnectionOptions>(silo.Services, certificates);
            return silo.UseTls(options => Use(options, certificates));
        }

        // It listens where SiloAddress says, which the settings' rules have seen to; here is whom it calls.
        return environment.IsDevelopment()
            ? silo
            : silo.Configure<SiloConnectionOptions>(options => options.ConfigureSiloOutboundConnection(StayAtHome));
    }

    public static IClientBuilder AddClusterTls(this IClientBuilder client, StellarPaySettings settings, IHostEnvironment environment)
    {
        if (settings.ClusterTls.Length > 0)
        {
            var certificates = new ClusterCertificates(settings.ClusterTls, TimeProvider.System);
            Tell<ClientConnectionOptions>(client.Services, certificates);
            return client.UseTls(options => Use(options, certificates));
        }

        return environment.IsDevelopment()
            ? client
            : client.Configure<ClientConnectionOptions>(options => options.ConfigureConnection(StayAtHome));
    }

    // The certificates are read before there is a log, so that a wrong folder stops the start; it is there before the first connection.
    private static void Tell<TOptions>(IServiceCollection services, ClusterCertificates certificates)
        where TOptions : class => services
        .AddOptions<TOptions>().Configure<ILogger<ClusterCertificates>>((_, logger) => certificates.Logger = logger);

    private static void Use(TlsOptions options, ClusterCertificates certificates)
    {
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        options.LocalCertificate = certificates.Own;
        options.LocalServerCertificateSelector = (_, _) => certificates.Own;
        options.LocalClientCertificateSelector = (_, _, _, _, _) => certificates.Own;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (certificate, _, _) => certificates.IsOfCluster(certificate);
        options.OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = Name;
    }

    internal static void StayAtHome(IConnectionBuilder builder) => builder.Use(next => connection =>
        connection.RemoteEndPoint is IPEndPoint { Address: var address } && !IPAddress.IsLoopback(address)
            ? throw new ConnectionAbortedException(
                $"{connection.RemoteEndPoint} is on another machine, and STELLARPAY_CLUSTER_TLS is not set: outside of development silos "
                + "and front doors speak TLS with each other.")
            : next(connection));
}
