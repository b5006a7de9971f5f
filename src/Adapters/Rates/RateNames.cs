using StellarPay.Adapters.Horizon;
using StellarPay.Grains.Money;
using StellarAsset = StellarPay.Stellar.Xdr.Asset;

namespace StellarPay.Adapters.Rates;

/// <summary>What settings call currencies and assets.</summary>
internal static class RateNames
{
    private const string Lumens = "XLM";
    private const string Dollars = "USDC";

    public static bool IsCurrency(string name) => name.Length == 3 && name != Lumens && name.All(char.IsAsciiLetterUpper);

    public static bool IsAsset(string name) =>
        name is Lumens or Dollars || (name.Contains('-', StringComparison.Ordinal) && StellarAsset.TryParse(name.Replace('-', ':'), out _));

    public static string CodeOf(string name) => name.Split('-')[0];

    public static string CanonicalOf(string name, NetworkProfile network) => name switch
    {
        Lumens => Asset.Native.Canonical,
        _ when name == Asset.Parse(network.Usdc).Code => network.Usdc,
        // A colon would be a level of the configuration, so code and issuer are joined as in SEP-11's URIs.
        _ => name.Replace('-', ':'),
    };
}
