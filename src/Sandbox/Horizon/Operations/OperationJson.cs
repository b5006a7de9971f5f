using System.Globalization;
using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Horizon.Transactions;

namespace StellarPay.Sandbox.Horizon.Operations;

/// <summary>Horizon's operation resource: what all have in common, and what each kind adds.</summary>
internal static class OperationJson
{
    public static PageRecord Record(HorizonLinks links, HistoryOperation operation, bool withTransaction) => new(
        operation.Id.ToString(CultureInfo.InvariantCulture),
        json => Write(json, links, operation, withTransaction));

    public static void Write(Utf8JsonWriter json, HorizonLinks links, HistoryOperation operation, bool withTransaction)
    {
        var view = EnvelopeView.Of(operation.Transaction.Envelope);
        var source = view.SourceOf(operation.Index - 1);
        var id = operation.Id.ToString(CultureInfo.InvariantCulture);
        var hash = operation.Transaction.Hash.ToString();
        json.WriteStartObject();
        WriteLinks(json, links, id, hash);
        json.WriteString("id", id);
        json.WriteString("paging_token", id);
        json.WriteBoolean("transaction_successful", operation.Transaction.Successful);
        json.WriteMuxed("source_account", source);
        json.WriteString("type", OperationNames.Of(operation.Type));
        json.WriteNumber("type_i", (int)operation.Type);
        json.WriteTime("created_at", operation.Transaction.Ledger.ClosedAt);
        json.WriteString("transaction_hash", hash);
        if (withTransaction)
        {
            json.WritePropertyName("transaction");
            TransactionJson.Write(json, links, operation.Transaction);
        }

        if (operation.Sponsor is { } sponsor)
        {
            json.WriteString("sponsor", sponsor.ToString());
        }

        OperationDetails.Write(json, new OperationInPlace(operation, view, source));
        json.WriteEndObject();
    }

    private static void WriteLinks(Utf8JsonWriter json, HorizonLinks links, string id, string hash)
    {
        json.WriteStartObject("_links");
        links.Write(json, "self", "/operations/" + id);
        links.Write(json, "transaction", "/transactions/" + hash);
        links.Write(json, "effects", $"/operations/{id}/effects");
        links.Write(json, "succeeds", "/effects?order=desc&cursor=" + id);
        links.Write(json, "precedes", "/effects?order=asc&cursor=" + id);
        json.WriteEndObject();
    }
}
