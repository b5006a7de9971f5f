using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Accounts;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Ingestion;

/// <summary>The effects of set_options: home domain, thresholds, flags, signers.</summary>
internal static class SettingsEffects
{
    public static void Collect(AppliedOperation operation, SetOptionsOperation settings, EffectSink sink)
    {
        if (settings.HomeDomain is { } homeDomain)
        {
            sink.Add(EffectType.AccountHomeDomainUpdated, operation.Source, json =>
                json.WriteString("home_domain", homeDomain.ToString()));
        }

        if (operation.ChangeOf<Account>()?.After is Account account
            && (settings.LowThreshold ?? settings.MediumThreshold ?? settings.HighThreshold) is not null)
        {
            sink.Add(EffectType.AccountThresholdsUpdated, operation.Source, json =>
            {
                json.WriteNumber("low_threshold", account.Thresholds.Low);
                json.WriteNumber("med_threshold", account.Thresholds.Medium);
                json.WriteNumber("high_threshold", account.Thresholds.High);
            });
        }

        if (((settings.SetFlags ?? 0) | (settings.ClearFlags ?? 0)) != 0)
        {
            sink.Add(EffectType.AccountFlagsUpdated, operation.Source, json =>
            {
                WriteFlags(json, settings.SetFlags ?? 0, true);
                WriteFlags(json, settings.ClearFlags ?? 0, false);
            });
        }

        if (settings.InflationDestination is { } inflation)
        {
            sink.Add(EffectType.AccountInflationDestinationUpdated, operation.Source, json =>
                json.WriteString("inflation_destination", inflation.ToString()));
        }

        if (operation.ChangeOf<Account>() is { Before: Account before, After: Account after })
        {
            Signers(operation.Source, Weights(before), Weights(after), sink);
        }
    }

    private static void WriteFlags(Utf8JsonWriter json, uint flags, bool value)
    {
        foreach (var (flag, name) in ((uint, string)[])
            [
                ((uint)AccountFlags.AuthRequired, "auth_required_flag"),
                ((uint)AccountFlags.AuthRevocable, "auth_revokable_flag"),
                ((uint)AccountFlags.AuthImmutable, "auth_immutable_flag"),
                ((uint)AccountFlags.AuthClawbackEnabled, "auth_clawback_enabled_flag"),
            ])
        {
            if ((flags & flag) != 0)
            {
                json.WriteBoolean(name, value);
            }
        }
    }

    private static void Signers(
        MuxedAccount account, SortedDictionary<string, uint> before, SortedDictionary<string, uint> after, EffectSink sink)
    {
        foreach (var (key, weight) in before)
        {
            if (!after.TryGetValue(key, out var now))
            {
                sink.Add(EffectType.SignerRemoved, account, json => WriteSigner(json, key, 0));
            }
            else if (now != weight)
            {
                sink.Add(EffectType.SignerUpdated, account, json => WriteSigner(json, key, now));
            }
        }

        foreach (var (key, weight) in after)
        {
            if (!before.ContainsKey(key))
            {
                sink.Add(EffectType.SignerCreated, account, json => WriteSigner(json, key, weight));
            }
        }
    }

    private static void WriteSigner(Utf8JsonWriter json, string key, uint weight)
    {
        json.WriteNumber("weight", weight);
        json.WriteString("public_key", key);
        json.WriteString("key", "");
    }

    private static SortedDictionary<string, uint> Weights(Account account)
    {
        var weights = new SortedDictionary<string, uint>(StringComparer.Ordinal);
        if (account.Thresholds.MasterWeight > 0)
        {
            weights[account.Id.ToString()] = account.Thresholds.MasterWeight;
        }

        foreach (var signer in account.Signers)
        {
            weights[signer.Key.ToStrKey()] = signer.Weight;
        }

        return weights;
    }
}
