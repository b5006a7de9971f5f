using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth.Passkeys;
using StellarPay.Frontdoor.Checkout;

namespace StellarPay.Frontdoor.Webhooks.Targets;

/// <summary>Our own names and addresses: whoever could have us call them would come in from inside.</summary>
internal sealed class OwnHosts
{
    private readonly string[] _names;
    private readonly IServiceProvider _services;

    public OwnHosts(
        IOptions<WebhookOptions> webhooks, IOptions<FrontdoorOptions> frontdoor, IOptions<CheckoutOptions> checkout,
        IOptions<PasskeyOptions> passkeys, IServiceProvider services)
    {
        _services = services;
        var own = webhooks.Value.Own;
        Networks = [.. own.Select(Network).OfType<IPNetwork>()];
        _names =
        [
            .. own.Where(text => Network(text) is null),
            .. frontdoor.Value.AllowedOrigins.Append(checkout.Value.Origin).Concat(passkeys.Value.Origins)
                .Where(origin => origin.Length > 0).Select(origin => new Uri(origin)).Where(origin => !origin.IsLoopback)
                .Select(origin => origin.IdnHost),
        ];
    }

    public IReadOnlyList<IPNetwork> Networks { get; }

    /// <summary>Whether a name is one of ours, or below it.</summary>
    public bool Has(string host) => _names.Concat(Listening).Any(
        name => host.EndsWith(name, StringComparison.OrdinalIgnoreCase)
            && (host.Length == name.Length || host[^(name.Length + 1)] == '.'));

    // Known when it listens. An address or any name is no name, and what is on this machine is refused as such.
    private IEnumerable<string> Listening =>
        (_services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        .Select(address => Uri.TryCreate(address, UriKind.Absolute, out var url) ? url : null).OfType<Uri>()
        .Where(url => url.HostNameType == UriHostNameType.Dns && !url.IsLoopback).Select(url => url.IdnHost);

    public static bool CanRead(string text) => Network(text) is not null || Uri.CheckHostName(text) == UriHostNameType.Dns;

    private static IPNetwork? Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        return IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }
}
