using System.Net;
using System.Net.Sockets;

namespace StellarPay.Stellar.Domains;

/// <summary>
/// HTTP to hosts that strangers name (federated addresses, stellar.toml, webhooks): connects to public addresses only, so that
/// nobody can make this process call its own network (SSRF). Checked for each connection, after name resolution, and
/// so for each hop of a redirect.
/// </summary>
/// <remarks>Source: the IANA special-purpose address registries (RFC 6890).</remarks>
public static class PublicInternet
{
    /// <summary>What is said of a host that is not to be connected to.</summary>
    public const string Refusal = "The host is not on the public internet.";

    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4",
            // Azure's own, for what runs there: metadata and keys of the machine.
            "168.63.129.16/32",
            // IPv4 in other clothes: compatible (with :: and ::1), translated, NAT64, 6to4.
            "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16",
            "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
            "fec0::/10", "ff00::/8",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>A handler that connects to public addresses only, with few redirects and short timeouts.</summary>
    /// <param name="rules">Where else to, or where not, and how it is found; the public internet and its names if it is left out.</param>
    public static SocketsHttpHandler CreateHandler(ConnectionRules? rules = null)
    {
        var by = rules ?? new ConnectionRules();
        return new SocketsHttpHandler
        {
            ConnectCallback = (context, cancellationToken) => ConnectAsync(by, context.DnsEndPoint, cancellationToken),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxAutomaticRedirections = 3,
            MaxResponseHeadersLength = 32,
            UseCookies = false,
            // A proxy would resolve and connect for us, past the check.
            UseProxy = false,
        };
    }

    /// <summary>Whether an address belongs to the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Array.Exists(Special, network => network.Contains(plain));
    }

    private static async ValueTask<Stream> ConnectAsync(ConnectionRules rules, DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var addresses = await rules.FindAsync(endPoint.Host, cancellationToken).ConfigureAwait(false);
        if (addresses.Count == 0)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, Refusal);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // To the addresses that were looked at, not to the name, which may say something else by now.
            await socket.ConnectAsync([.. addresses], endPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
