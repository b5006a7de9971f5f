using System.Net;

namespace StellarPay.Frontdoor;

/// <summary>An IP address or a network in CIDR form.</summary>
internal static class ProxyNetwork
{
    private const int BitsOfByte = 8;

    /// <exception cref="InvalidOperationException">It is neither; the message names the setting.</exception>
    public static IPNetwork Parse(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * BitsOfByte);
        }

        return IPNetwork.TryParse(text, out var network)
            ? network
            : throw new InvalidOperationException(
                $"StellarPay:Frontdoor:TrustedProxies names '{text}', which is neither an IP address nor a network.");
    }
}
