using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.LiquidityPools;

/// <summary>Liquidity pools, of which this network has none: lists are empty, and no id names one.</summary>
internal static class LiquidityPoolEndpoints
{
    private const string InvalidPool = "Liquidity pool ID must be a hex-encoded, lowercase SHA-256 hash";
    private const string InvalidReserves = "Reserves must be at most two assets, each native or code and issuer with a colon";
    private const int ReservesOfAPool = 2;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapStatePage("/liquidity_pools", List);
        routes.MapObject("/liquidity_pools/{pool_id}", request =>
        {
            CheckId(request);
            return null;
        });
        foreach (var list in (ReadOnlySpan<string>)["effects", "operations", "trades", "transactions"])
        {
            routes.MapHistoryPage($"/liquidity_pools/{{pool_id}}/{list}", request =>
            {
                CheckId(request);
                return null;
            });
        }
    }

    // Filters are checked as if there were something to filter: a wrong one is a fault of the client's.
    private static FetchPage List(HorizonRequest request)
    {
        request.Account("account");
        var reserves = request.Text("reserves");
        if (reserves.Length > 0)
        {
            var assets = reserves.Split(',');
            if (assets.Length > ReservesOfAPool || !Array.TrueForAll(assets, asset => Asset.TryParse(asset, out _)))
            {
                request.Refuse(HorizonProblem.InvalidField("reserves", InvalidReserves));
            }
        }

        return static _ => [];
    }

    private static void CheckId(HorizonRequest request)
    {
        var id = request.Text("pool_id");
        if (id.Length != 2 * Hash.Size || !id.All(char.IsAsciiHexDigitLower))
        {
            request.Refuse(HorizonProblem.InvalidField("pool_id", InvalidPool));
        }
    }
}
