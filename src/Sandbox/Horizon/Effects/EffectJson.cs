using System.Globalization;
using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Horizon.Operations;

namespace StellarPay.Sandbox.Horizon.Effects;

/// <summary>Horizon's effect resource: what all have in common, and the details that were noted when it came about.</summary>
internal static class EffectJson
{
    public static string Token(HistoryEffect effect) =>
        string.Create(CultureInfo.InvariantCulture, $"{effect.Operation.Id}-{effect.Order}");

    public static void Write(Utf8JsonWriter json, HorizonLinks links, HistoryEffect effect)
    {
        var token = Token(effect);
        json.WriteStartObject();
        json.WriteStartObject("_links");
        links.Write(json, "operation", string.Create(CultureInfo.InvariantCulture, $"/operations/{effect.Operation.Id}"));
        links.Write(json, "succeeds", "/effects?order=desc&cursor=" + token);
        links.Write(json, "precedes", "/effects?order=asc&cursor=" + token);
        json.WriteEndObject();
        json.WriteString("id", string.Create(
            CultureInfo.InvariantCulture, $"{effect.Operation.Id:D19}-{effect.Order:D10}"));
        json.WriteString("paging_token", token);
        json.WriteMuxed("account", effect.Account);
        json.WriteString("type", OperationNames.SnakeCase(effect.Type.ToString()));
        json.WriteNumber("type_i", (int)effect.Type);
        json.WriteTime("created_at", effect.Operation.Transaction.Ledger.ClosedAt);
        using (var details = JsonDocument.Parse(effect.Details.ToArray()))
        {
            foreach (var member in details.RootElement.EnumerateObject())
            {
                member.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }
}
