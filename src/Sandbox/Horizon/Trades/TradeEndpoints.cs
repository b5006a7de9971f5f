using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Trades;

/// <summary>Trades: all, those of a pair of assets, an account, an offer.</summary>
internal static class TradeEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapHistoryPage("/trades", List);
        routes.MapHistoryPage("/accounts/{account_id}/trades", List);
        routes.MapHistoryPage("/offers/{offer_id}/trades", List);
    }

    private static FetchPage? List(HorizonRequest request)
    {
        if (request.Text("trade_type") is var type && type is not ("" or "all" or "orderbook" or "liquidity_pool"))
        {
            request.Refuse(HorizonProblem.InvalidField(
                "trade_type", "Trade type must be all, orderbook, or liquidity_pool"));
        }

        var (baseAsset, counter) = Pair(request);
        var scope = Scope(request);
        if (request.Problem is not null)
        {
            return null;
        }

        return page =>
        {
            if (type == "liquidity_pool")
            {
                return [];
            }

            return request.Network.History
                .Trades(scope, HistoryQuery.SliceOfAll(request, page), page.Limit, Filter(baseAsset, counter))
                .ConvertAll(trade => new PageRecord(
                    TradeJson.Token(trade), json => TradeJson.Write(json, request.Links, trade, baseAsset)));
        };
    }

    private static (Asset? Base, Asset? Counter) Pair(HorizonRequest request)
    {
        var baseAsset = request.AssetInParts("base_");
        var counter = request.AssetInParts("counter_");
        if (baseAsset is null != counter is null)
        {
            request.Refuse(HorizonProblem.InvalidField(
                "base_asset_type,counter_asset_type",
                "this endpoint supports asset pairs but only one asset supplied"));
        }

        return (baseAsset, counter);
    }

    private static HistoryScope Scope(HorizonRequest request)
    {
        var offer = request.Number("offer_id", "Offer ID must be an integer higher than 0");
        var account = request.Account("account_id");
        if (offer is not null && account is not null)
        {
            request.Refuse(HorizonProblem.InvalidField(
                "account_id,liquidity_pool_id,offer_id",
                "Use a single filter for trades, you can only use one of account_id, liquidity_pool_id, offer_id"));
        }

        return new HistoryScope(Account: account, Offer: offer);
    }

    private static Func<HistoryTrade, bool>? Filter(Asset? baseAsset, Asset? counter) => baseAsset is null
        ? null
        : trade => (trade.SoldAsset == baseAsset && trade.BoughtAsset == counter)
            || (trade.SoldAsset == counter && trade.BoughtAsset == baseAsset);
}
