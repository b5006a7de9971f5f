using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Ingestion;

/// <summary>The effects of operations on trustlines.</summary>
internal static class TrustEffects
{
    private const uint Authorized = (uint)TrustLineFlags.Authorized;
    private const uint Maintain = (uint)TrustLineFlags.AuthorizedToMaintainLiabilities;

    public static void Collect(AppliedOperation operation, EffectSink sink)
    {
        switch (operation.Body)
        {
            case ChangeTrustOperation { Line.Asset: { } asset } change when operation.ChangeOf<TrustLine>() is { } line:
                var type = (line.Before, line.After) switch
                {
                    (null, _) => EffectType.TrustlineCreated,
                    (_, null) => EffectType.TrustlineRemoved,
                    _ => EffectType.TrustlineUpdated,
                };
                sink.Add(type, operation.Source, json =>
                {
                    AssetNames.Of(asset).Write(json);
                    json.WriteAmount("limit", change.Limit);
                });
                break;
            case AllowTrustOperation allow:
                Allow(operation.Source, allow, sink);
                break;
            case SetTrustLineFlagsOperation set:
                Flags(operation.Source, set.Trustor, set.Asset, set.SetFlags, set.ClearFlags, sink);
                break;
        }
    }

    private static void Allow(MuxedAccount issuer, AllowTrustOperation allow, EffectSink sink)
    {
        var asset = new Asset(allow.Code, issuer.AccountId);
        var (type, set, clear) = allow.Authorize switch
        {
            var flags when (flags & Authorized) != 0 => (EffectType.TrustlineAuthorized, Authorized, 0u),
            var flags when (flags & Maintain) != 0 =>
                (EffectType.TrustlineAuthorizedToMaintainLiabilities, Maintain, 0u),
            _ => (EffectType.TrustlineDeauthorized, 0u, Authorized | Maintain),
        };
        sink.Add(type, issuer, json =>
        {
            json.WriteString("trustor", allow.Trustor.ToString());
            AssetNames.Of(asset).Write(json);
        });
        Flags(issuer, allow.Trustor, asset, set, clear, sink);
    }

    private static void Flags(
        MuxedAccount issuer, AccountId trustor, Asset asset, uint set, uint clear, EffectSink sink) =>
        sink.Add(EffectType.TrustlineFlagsUpdated, issuer, json =>
        {
            AssetNames.Of(asset).Write(json);
            json.WriteString("trustor", trustor.ToString());
            WriteFlags(json, set, true);
            WriteFlags(json, clear, false);
        });

    // The misspelling is Horizon's own, and clients look for it.
    private static void WriteFlags(Utf8JsonWriter json, uint flags, bool value)
    {
        if ((flags & Authorized) != 0)
        {
            json.WriteBoolean("authorized_flag", value);
        }

        if ((flags & Maintain) != 0)
        {
            json.WriteBoolean("authorized_to_maintain_liabilites_flag", value);
        }

        if ((flags & (uint)TrustLineFlags.ClawbackEnabled) != 0)
        {
            json.WriteBoolean("clawback_enabled_flag", value);
        }
    }
}
