using System.Net;
using Microsoft.Extensions.Options;

namespace StellarPay.Frontdoor.Webhooks.Targets;

/// <summary>Our own names and addresses: whoever could have us call them would come in from inside.</summary>
internal sealed class OwnHosts
{
    private readonly string[] _names;

    public OwnHosts(IOptions<WebhookOptions> webhooks, IOptions<FrontdoorOptions> frontdoor)
    {
        var own = webhooks.Value.Own;
        Networks = [.. own.Select(Network).OfType<IPNetwork>()];
        _names =
        [
            .. own.Where(text => Network(text) is null),
            .. frontdoor.Value.AllowedOrigins.Select(origin => new Uri(origin)).Where(origin => !origin.IsLoopback)
                .Select(origin => origin.IdnHost),
        ];
    }

    public IReadOnlyList<IPNetwork> Networks { get; }

    /// <summary>Whether a name is one of ours, or below it.</summary>
    public bool Has(string host) => Array.Exists(
        _names,
        name => host.EndsWith(name, StringComparison.OrdinalIgnoreCase)
            && (host.Length == name.Length || host[^(name.Length + 1)] == '.'));

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
