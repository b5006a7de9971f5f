using System.Net;
using System.Net.Sockets;

namespace StellarPay.Stellar.Domains;

/// <summary>To which hosts that strangers name a connection is made: those of the public internet, but for some more or fewer.</summary>
public sealed record ConnectionRules
{
    /// <summary>Whether this machine itself may be called, too: for development.</summary>
    public bool AllowsLoopback { get; init; }

    /// <summary>Public networks that are not called all the same: our own.</summary>
    public IReadOnlyList<IPNetwork> Refused { get; init; } = [];

    /// <summary>Finds the addresses of a name. An answer is used once and not asked for again.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Whether an address may be connected to.</summary>
    public bool Allows(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (PublicInternet.IsPublic(plain) && !Refused.Any(network => network.Contains(plain)))
            || (AllowsLoopback && IPAddress.IsLoopback(plain));
    }

    /// <summary>The addresses of a host, or none where one of them may not be connected to, or it has none.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="cancellationToken">Cancels the resolution.</param>
    public async Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(host, out var literal)
                ? [literal]
                : await Resolve(host, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return [];
        }

        // All must be allowed: a name that resolves to both kinds was made to deceive.
        return addresses.All(Allows) ? addresses : [];
    }
}
