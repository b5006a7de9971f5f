using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Operations;

/// <summary>What operations on trustlines add.</summary>
internal static class TrustDetails
{
    // The misspelling is Horizon's own, and clients look for it.
    private static readonly (uint Flag, string Name)[] Flags =
    [
        ((uint)TrustLineFlags.Authorized, "authorized"),
        ((uint)TrustLineFlags.AuthorizedToMaintainLiabilities, "authorized_to_maintain_liabilites"),
        ((uint)TrustLineFlags.ClawbackEnabled, "clawback_enabled"),
    ];

    public static void Write(Utf8JsonWriter json, OperationInPlace operation)
    {
        switch (operation.Body)
        {
            case ChangeTrustOperation change:
                WriteChange(json, change, operation.Source);
                break;
            case AllowTrustOperation allow:
                AssetNames.Of(new Asset(allow.Code, operation.Source.AccountId)).Write(json);
                json.WriteMuxed("trustee", operation.Source);
                json.WriteString("trustor", allow.Trustor.ToString());
                json.WriteBoolean("authorize", (allow.Authorize & (uint)TrustLineFlags.Authorized) != 0);
                json.WriteBoolean(
                    "authorize_to_maintain_liabilities",
                    (allow.Authorize & (uint)TrustLineFlags.AuthorizedToMaintainLiabilities) != 0);
                break;
            case SetTrustLineFlagsOperation set:
                AssetNames.Of(set.Asset).Write(json);
                json.WriteString("trustor", set.Trustor.ToString());
                json.WriteFlags("set", set.SetFlags, Flags);
                json.WriteFlags("clear", set.ClearFlags, Flags);
                break;
            case ClawbackOperation clawback:
                AssetNames.Of(clawback.Asset).Write(json);
                json.WriteMuxed("from", clawback.From);
                json.WriteAmount("amount", clawback.Amount);
                break;
        }
    }

    private static void WriteChange(Utf8JsonWriter json, ChangeTrustOperation change, MuxedAccount source)
    {
        if (change.Line.Asset is { } asset)
        {
            AssetNames.Of(asset).Write(json);
            json.WriteString("trustee", asset.Issuer.ToString());
        }
        else
        {
            json.WriteString("asset_type", "liquidity_pool_shares");
        }

        json.WriteAmount("limit", change.Limit);
        json.WriteMuxed("trustor", source);
    }
}
