using System.Net;

namespace StellarPay.Frontdoor;

/// <summary>An IP address or a network in CIDR form.</summary>
internal static class ProxyNetwork
{
    private const int BitsOfByte = 8;

    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * BitsOfByte);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }
}
