using System.Numerics;
using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Offers;

/// <summary>The order book of a pair: asks sell the base asset, bids buy it; a level is all offers of one price.</summary>
internal static class OrderBookEndpoints
{
    private const int DefaultLevels = 20;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapObject("/order_book", Find, streams: true);

    private static Action<Utf8JsonWriter>? Find(HorizonRequest request)
    {
        var selling = request.AssetInParts("selling_");
        var buying = request.AssetInParts("buying_");
        var limit = request.Limit(DefaultLevels);
        if (request.Problem is not null || selling is not { } baseAsset || buying is not { } counter)
        {
            request.Replace(HorizonProblem.InvalidOrderBook);
            return null;
        }

        var (asks, bids) = request.Network.Read(request.AsOf, state =>
            (Levels(state.Book(baseAsset, counter), limit), Levels(state.Book(counter, baseAsset), limit)));
        return json =>
        {
            json.WriteStartObject();
            WriteLevels(json, "bids", bids.ConvertAll(level => level with { Price = new Price(level.Price.D, level.Price.N) }));
            WriteLevels(json, "asks", asks);
            AssetNames.Of(baseAsset).WriteObject(json, "base");
            AssetNames.Of(counter).WriteObject(json, "counter");
            json.WriteEndObject();
        };
    }

    private static List<Level> Levels(IEnumerable<Offer> bestFirst, int limit)
    {
        var levels = new List<Level>();
        foreach (var offer in bestFirst)
        {
            if (levels.Count > 0 && levels[^1].IsAt(offer.Price))
            {
                levels[^1] = levels[^1] with { Amount = levels[^1].Amount + offer.Amount };
            }
            else if (levels.Count == limit)
            {
                break;
            }
            else
            {
                levels.Add(new Level(offer.Price, offer.Amount));
            }
        }

        return levels;
    }

    private static void WriteLevels(Utf8JsonWriter json, string name, List<Level> levels)
    {
        json.WriteStartArray(name);
        foreach (var level in levels)
        {
            json.WriteStartObject();
            json.WritePrice("price", level.Price.N, level.Price.D);
            // Bids and asks are both in the asset that the offer sells, as Horizon has them.
            json.WriteAmount("amount", (long)BigInteger.Min(level.Amount, long.MaxValue));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private readonly record struct Level(Price Price, BigInteger Amount)
    {
        public bool IsAt(Price other) => (long)Price.N * other.D == (long)other.N * Price.D;
    }
}
