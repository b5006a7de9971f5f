using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Which assets and names are well-formed.</summary>
internal static class AssetRules
{
    public static bool IsValid(Asset asset) => asset.IsNative || asset.Code.IsValid;

    public static bool AreValid(IEnumerable<Asset> assets) => assets.All(IsValid);

    public static bool IsIssuer(AccountId account, Asset asset) => !asset.IsNative && asset.Issuer == account;

    /// <summary>Printable ASCII: what home domains and names of data may contain.</summary>
    public static bool IsText(XdrString text)
    {
        foreach (var b in text.Bytes.AsSpan())
        {
            if (b is < 0x20 or > 0x7e)
            {
                return false;
            }
        }

        return true;
    }
}
