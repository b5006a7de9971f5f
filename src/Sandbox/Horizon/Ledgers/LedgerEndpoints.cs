using System.Globalization;
using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;

namespace StellarPay.Sandbox.Horizon.Ledgers;

/// <summary>Closed ledgers.</summary>
internal static class LedgerEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapHistoryPage("/ledgers", List);
        routes.MapObject("/ledgers/{ledger_id}", Find);
    }

    private static FetchPage List(HorizonRequest request) => page =>
        request.Network.History.Ledgers(HistoryQuery.SliceOfAll(request, page), page.Limit).ConvertAll(ledger =>
            new PageRecord(
                ledger.Id.ToString(CultureInfo.InvariantCulture),
                json => LedgerJson.Write(json, request.Links, ledger)));

    private static Action<Utf8JsonWriter>? Find(HorizonRequest request) =>
        request.Number("ledger_id", HistoryQuery.LedgerMessage, uint.MaxValue) is { } sequence
        && sequence <= request.AsOf
        && request.Network.History.Ledger((uint)sequence) is { } ledger
            ? json => LedgerJson.Write(json, request.Links, ledger)
            : null;
}
