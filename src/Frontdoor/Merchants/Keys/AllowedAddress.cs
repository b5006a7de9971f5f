using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>A network that a key may be used from: an IP address, or a network in CIDR form, which is how it is kept.</summary>
internal static class AllowedAddress
{
    private const int LongestTyped = 64;

    /// <summary>Reads one as people write it, to the one form in which it is kept.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out string? network)
    {
        network = text is { Length: > 0 and <= LongestTyped } && ProxyNetwork.TryParse(text, out var read) ? read.ToString() : null;
        return network is not null;
    }

    /// <summary>Reads one as it is kept.</summary>
    public static IPNetwork Parse(string kept) => IPNetwork.Parse(kept);
}
