using System.Text.Json;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>An asset as Horizon names it: its type, and its code and issuer unless it is native.</summary>
internal sealed record AssetNames(string Type, string? Code, string? Issuer)
{
    public static AssetNames Native { get; } = new("native", null, null);

    /// <summary>"native", or code and issuer with a colon (SEP-11).</summary>
    public string Canonical => Code is null ? Type : $"{Code}:{Issuer}";

    public static AssetNames Of(Asset asset) => asset.IsNative
        ? Native
        : new AssetNames(
            asset.Type == AssetType.CreditAlphanum4 ? "credit_alphanum4" : "credit_alphanum12",
            asset.Code.ToString(),
            asset.Issuer.ToString());

    public void Write(Utf8JsonWriter json, string prefix = "")
    {
        json.WriteString(prefix + "asset_type", Type);
        if (Code is not null)
        {
            json.WriteString(prefix + "asset_code", Code);
            json.WriteString(prefix + "asset_issuer", Issuer);
        }
    }

    public void WriteObject(Utf8JsonWriter json, string? name = null)
    {
        if (name is null)
        {
            json.WriteStartObject();
        }
        else
        {
            json.WriteStartObject(name);
        }

        Write(json);
        json.WriteEndObject();
    }
}
