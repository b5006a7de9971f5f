using System.Text.Json;
using StellarPay.Sandbox.Horizon.Accounts;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Operations;

/// <summary>What set_options adds: the settings that it names.</summary>
internal static class SettingsDetails
{
    private static readonly (uint Flag, string Name)[] Flags =
    [
        ((uint)AccountFlags.AuthRequired, "auth_required"),
        ((uint)AccountFlags.AuthRevocable, "auth_revocable"),
        ((uint)AccountFlags.AuthImmutable, "auth_immutable"),
        ((uint)AccountFlags.AuthClawbackEnabled, "auth_clawback_enabled"),
    ];

    public static void Write(Utf8JsonWriter json, SetOptionsOperation operation)
    {
        if (operation.HomeDomain is { } homeDomain)
        {
            json.WriteString("home_domain", homeDomain.ToString());
        }

        if (operation.InflationDestination is { } inflation)
        {
            json.WriteString("inflation_dest", inflation.ToString());
        }

        WriteNumber(json, "master_key_weight", operation.MasterWeight);
        if (operation.Signer is { } signer)
        {
            json.WriteString("signer_key", signer.Key.ToStrKey());
            json.WriteNumber("signer_weight", signer.Weight);
        }

        json.WriteFlags("set", operation.SetFlags ?? 0, Flags);
        json.WriteFlags("clear", operation.ClearFlags ?? 0, Flags);
        WriteNumber(json, "low_threshold", operation.LowThreshold);
        WriteNumber(json, "med_threshold", operation.MediumThreshold);
        WriteNumber(json, "high_threshold", operation.HighThreshold);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, uint? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }
}
