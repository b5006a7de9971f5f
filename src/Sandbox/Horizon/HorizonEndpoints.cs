using StellarPay.Sandbox.Horizon.Accounts;
using StellarPay.Sandbox.Horizon.Assets;
using StellarPay.Sandbox.Horizon.ClaimableBalances;
using StellarPay.Sandbox.Horizon.Effects;
using StellarPay.Sandbox.Horizon.Fees;
using StellarPay.Sandbox.Horizon.Friendbot;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Horizon.Ledgers;
using StellarPay.Sandbox.Horizon.LiquidityPools;
using StellarPay.Sandbox.Horizon.Offers;
using StellarPay.Sandbox.Horizon.Operations;
using StellarPay.Sandbox.Horizon.Paths;
using StellarPay.Sandbox.Horizon.Root;
using StellarPay.Sandbox.Horizon.Trades;
using StellarPay.Sandbox.Horizon.Transactions;

namespace StellarPay.Sandbox.Horizon;

/// <summary>The Horizon API, a line an endpoint family.</summary>
internal static class HorizonEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RootEndpoints.Map(routes);
        FeeStatsEndpoints.Map(routes);
        AccountEndpoints.Map(routes);
        LedgerEndpoints.Map(routes);
        TransactionEndpoints.Map(routes);
        SubmissionEndpoints.Map(routes);
        OperationEndpoints.Map(routes);
        EffectEndpoints.Map(routes);
        OfferEndpoints.Map(routes);
        OrderBookEndpoints.Map(routes);
        TradeEndpoints.Map(routes);
        TradeAggregationEndpoints.Map(routes);
        PathEndpoints.Map(routes);
        AssetEndpoints.Map(routes);
        ClaimableBalanceEndpoints.Map(routes);
        FriendbotEndpoints.Map(routes);
        LiquidityPoolEndpoints.Map(routes);
        routes.MapFallback("{**path}", http => HorizonAnswer.ProblemAsync(http, HorizonProblem.NotFound));
    }
}
