using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;

namespace StellarPay.Sandbox.Horizon.Effects;

/// <summary>Effects: all, and those of an account, a ledger, a transaction, an operation.</summary>
internal static class EffectEndpoints
{
    private static readonly string[] Parents =
        ["", "/accounts/{account_id}", "/ledgers/{ledger_id}", "/transactions/{tx_id}", "/operations/{op_id}"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var parent in Parents)
        {
            routes.MapHistoryPage(parent + "/effects", List);
        }
    }

    private static FetchPage? List(HorizonRequest request) =>
        HistoryQuery.Read(request) is not { } query ? null : page =>
            request.Network.History.Effects(query.Scope, query.Slice(request, page), page.Limit)
                .ConvertAll(effect => new PageRecord(
                    EffectJson.Token(effect), json => EffectJson.Write(json, request.Links, effect)));
}
