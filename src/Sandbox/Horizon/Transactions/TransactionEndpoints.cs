using System.Globalization;
using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Transactions;

/// <summary>Transactions: by hash, all, and those of an account, a ledger, a claimable balance.</summary>
internal static class TransactionEndpoints
{
    private static readonly string[] Parents =
        ["", "/accounts/{account_id}", "/ledgers/{ledger_id}", "/claimable_balances/{claimable_balance_id}"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var parent in Parents)
        {
            routes.MapHistoryPage(parent + "/transactions", List);
        }

        routes.MapObject("/transactions/{hash}", Find);
    }

    private static FetchPage? List(HorizonRequest request)
    {
        var withFailed = request.Flag("include_failed");
        return HistoryQuery.Read(request) is not { } query ? null : page =>
            request.Network.History
                .Transactions(query.Scope, query.Slice(request, page), page.Limit, withFailed)
                .ConvertAll(transaction => new PageRecord(
                    transaction.Id.ToString(CultureInfo.InvariantCulture),
                    json => TransactionJson.Write(json, request.Links, transaction)));
    }

    private static Action<Utf8JsonWriter>? Find(HorizonRequest request)
    {
        if (request.TransactionHash("hash") is not { } text)
        {
            return null;
        }

        var hash = Hash.FromHex(text);
        return request.Network.History.Transaction(hash) is { } transaction
            && transaction.Ledger.Sequence <= request.AsOf
                ? json => TransactionJson.Write(json, request.Links, transaction, hash)
                : null;
    }
}
