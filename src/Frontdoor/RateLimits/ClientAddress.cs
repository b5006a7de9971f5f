using System.Buffers.Binary;
using System.Net;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>
/// Who asks, as limits count them: an IPv4 address, or a network of IPv6 (/64), which is what one subscriber has at least; he
/// would else have 2^64 addresses.
/// </summary>
/// <param name="Network">The address, or the network's part of it.</param>
internal readonly record struct ClientAddress(ulong Network)
{
    private const int MostBytes = 16;

    // No IPv6 network that is in use is a number as small as an IPv4 address.
    private const ulong LastIpv4 = uint.MaxValue;
    private const ulong Ipv6Loopback = 0;
    private const int Loopback = 127;
    private const int FirstByte = 24;
    private const ulong OfSite = ~0xFFFFUL;
    private const ulong OfBlock = ~0xFFFFFFUL;
    private const ulong OfRange = ~0xFFUL;

    /// <summary>
    /// The same for all networks of one site (/48), which who wants it is given for nothing: he has 65,536 networks. Neighbours may
    /// share one, so that it is for taking turns and not for refusing.
    /// </summary>
    public ClientAddress Site => Network > LastIpv4 ? new ClientAddress(Network & OfSite) : this;

    /// <summary>The same for all IPv4 addresses of one /24, which whoever has some mostly has; of IPv6 one network (/64).</summary>
    public ulong Range => Network > LastIpv4 ? Network : Network & OfRange;

    /// <summary>The same for all of an IPv4 /24 or an IPv6 /48: as much as one stranger has who has many addresses.</summary>
    public string WideRange => new ClientAddress(Network > LastIpv4 ? Network & OfSite : Network & OfRange).ToString();

    /// <summary>
    /// The same for all of an IPv6 /40, which is as much as one gets who asks for much and is no provider; null of IPv4, of which nobody
    /// has that much.
    /// </summary>
    public string? Block => Network > LastIpv4 ? new ClientAddress(Network & OfBlock).ToString() : null;

    /// <summary>Whether it is this machine itself, or nothing is known of it.</summary>
    public bool IsThisMachine => Network == Ipv6Loopback || Network >> FirstByte == Loopback;

    /// <summary>The number. What a record writes by itself names each property, and a site has a site: it would never end.</summary>
    public override string ToString() => Network.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    public static ClientAddress Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    public static ClientAddress Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[MostBytes];
        if (address is null || !address.TryWriteBytes(bytes, out var length))
        {
            return default;
        }

        return length < MostBytes ? new ClientAddress(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : address.IsIPv4MappedToIPv6 ? new ClientAddress(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
            : new ClientAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}
