using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;

namespace StellarPay.Sandbox.Horizon.Operations;

/// <summary>Operations and payments: all, and those of an account, a ledger, a transaction, a claimable balance.</summary>
internal static class OperationEndpoints
{
    private static readonly string[] Parents =
        ["", "/accounts/{account_id}", "/ledgers/{ledger_id}", "/transactions/{tx_id}"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var parent in Parents)
        {
            routes.MapHistoryPage(parent + "/operations", request => List(request, onlyPayments: false));
            routes.MapHistoryPage(parent + "/payments", request => List(request, onlyPayments: true));
        }

        routes.MapHistoryPage(
            "/claimable_balances/{claimable_balance_id}/operations", request => List(request, onlyPayments: false));
        routes.MapObject("/operations/{id}", Find);
    }

    private static FetchPage? List(HorizonRequest request, bool onlyPayments)
    {
        var join = request.JoinsTransactions();
        // Whoever asks for one transaction knows whether it failed.
        var withFailed = request.Flag("include_failed") | request.Has("tx_id");
        return HistoryQuery.Read(request) is not { } query ? null : page =>
            request.Network.History
                .Operations(query.Scope, query.Slice(request, page), page.Limit, withFailed, onlyPayments)
                .ConvertAll(operation => OperationJson.Record(request.Links, operation, join));
    }

    private static Action<Utf8JsonWriter>? Find(HorizonRequest request)
    {
        var join = request.JoinsTransactions();
        return request.Number("id", "Operation ID must be an integer higher than 0") is { } id
            && request.Network.History.Operation(id) is { } operation
            && operation.Transaction.Ledger.Sequence <= request.AsOf
                ? json => OperationJson.Write(json, request.Links, operation, join)
                : null;
    }
}
