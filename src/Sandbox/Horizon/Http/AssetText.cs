using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>Assets as clients write them.</summary>
internal static class AssetText
{
    public const string Message =
        "Asset must be the string \"native\" or a string of the form \"Code:IssuerAccountID\" for issued assets.";

    public const string PartsMessage =
        "Asset type must be native, credit_alphanum4 or credit_alphanum12, with a code and an issuer that fit.";

    public static bool TryParse(string type, string code, string issuer, out Asset asset)
    {
        asset = Asset.Native;
        return type switch
        {
            "native" => true,
            "credit_alphanum4" => TryMake(code, issuer, out asset) && asset.Type == AssetType.CreditAlphanum4,
            "credit_alphanum12" => TryMake(code, issuer, out asset) && asset.Type == AssetType.CreditAlphanum12,
            _ => false,
        };
    }

    /// <summary>A list with commas between.</summary>
    public static bool TryParseList(string text, out List<Asset> assets)
    {
        assets = [];
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Asset.TryParse(part, out var asset))
            {
                return false;
            }

            assets.Add(asset);
        }

        return true;
    }

    private static bool TryMake(string code, string issuer, out Asset asset)
    {
        asset = default;
        if (!AssetCode.TryParse(code, out var parsed) || !AccountId.TryParse(issuer, out var account))
        {
            return false;
        }

        asset = new Asset(parsed, account);
        return true;
    }
}
