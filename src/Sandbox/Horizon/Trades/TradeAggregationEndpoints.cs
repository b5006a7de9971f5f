using System.Globalization;
using System.Numerics;
using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Trades;

/// <summary>The trades of a pair of assets, summed up for spans of time of the same length.</summary>
internal static class TradeAggregationEndpoints
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;
    private static readonly long[] Resolutions = [Minute, 5 * Minute, 15 * Minute, Hour, Day, 7 * Day];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapObject("/trade_aggregations", Find);

    private static Action<Utf8JsonWriter>? Find(HorizonRequest request)
    {
        var baseAsset = request.AssetInParts("base_");
        var counter = request.AssetInParts("counter_");
        var span = Span(request);
        var page = request.Page();
        if (baseAsset is null || counter is null)
        {
            request.Refuse(HorizonProblem.InvalidField(
                baseAsset is null ? "base_asset_type" : "counter_asset_type", "Missing required field"));
        }

        if (request.Problem is not null || baseAsset is not { } sold || counter is not { } bought)
        {
            return null;
        }

        var trades = request.Network.History.Trades(
            default, HistoryQuery.SliceOfAll(request, page with { Cursor = "", Descending = false }), int.MaxValue,
            trade => span.Holds(trade) && IsOf(trade, sold, bought));
        var sums = trades.GroupBy(span.StartOf).Select(group => Aggregation.Of(group.Key, group, sold));
        var records = (page.Descending ? sums.OrderByDescending(sum => sum.Start) : sums.OrderBy(sum => sum.Start))
            .Take(page.Limit)
            .Select(sum => new PageRecord(sum.Start.ToString(CultureInfo.InvariantCulture), sum.Write))
            .ToList();
        return json =>
        {
            json.WriteStartObject();
            request.Links.WritePage(json, request.Http.Request, page, null, null);
            HorizonAnswer.WriteRecords(json, records);
            json.WriteEndObject();
        };
    }

    private static TimeSpans Span(HorizonRequest request)
    {
        var resolution = request.Number("resolution", "must be a number of milliseconds") ?? 0;
        if (!Resolutions.Contains(resolution))
        {
            request.Refuse(HorizonProblem.InvalidField(
                "resolution",
                "illegal or missing resolution. allowed resolutions are: 1 minute (60000), 5 minutes (300000), 15 minutes " +
                "(900000), 1 hour (3600000), 1 day (86400000) and 1 week (604800000)"));
        }

        var offset = request.Text("offset") is "" or "0" ? 0 : request.Number("offset", "must be milliseconds", Day - 1) ?? 0;
        if (offset % Hour != 0 || offset > resolution)
        {
            request.Refuse(HorizonProblem.InvalidField(
                "offset",
                "illegal or missing offset. offset must be a multiple of an hour, less than or equal to the resolution, " +
                "and less than 24 hours"));
        }

        return new TimeSpans(
            Math.Max(resolution, 1),
            offset,
            request.Number("start_time", "must be milliseconds since 1970") ?? 0,
            request.Number("end_time", "must be milliseconds since 1970") ?? long.MaxValue);
    }

    private static bool IsOf(HistoryTrade trade, Asset sold, Asset bought) =>
        (trade.SoldAsset == sold && trade.BoughtAsset == bought) || (trade.SoldAsset == bought && trade.BoughtAsset == sold);

    /// <summary>Spans of one length, in milliseconds, between two times.</summary>
    private readonly record struct TimeSpans(long Length, long Offset, long From, long Until)
    {
        public bool Holds(HistoryTrade trade) => TimeOf(trade) is var time && time >= From && time < Until;

        public long StartOf(HistoryTrade trade) => ((TimeOf(trade) - Offset) / Length * Length) + Offset;

        private static long TimeOf(HistoryTrade trade) =>
            trade.Operation.Transaction.Ledger.ClosedAt.ToUnixTimeMilliseconds();
    }

    private sealed record Aggregation(long Start, int Count, BigInteger Base, BigInteger Counter, IReadOnlyList<Price> Prices)
    {
        public static Aggregation Of(long start, IEnumerable<HistoryTrade> trades, Asset baseAsset)
        {
            var sides = trades
                .Select(trade => trade.SoldAsset == baseAsset
                    ? (Base: trade.Sold, Counter: trade.Bought, trade.Price)
                    : (Base: trade.Bought, Counter: trade.Sold, Price: new Price(trade.Price.D, trade.Price.N)))
                .ToList();
            return new Aggregation(
                start,
                sides.Count,
                sides.Aggregate(BigInteger.Zero, (sum, side) => sum + side.Base),
                sides.Aggregate(BigInteger.Zero, (sum, side) => sum + side.Counter),
                sides.ConvertAll(side => side.Price));
        }

        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteDecimal("timestamp", Start);
            json.WriteDecimal("trade_count", (long)Count);
            json.WriteString("base_volume", HorizonJson.AmountText(Base));
            json.WriteString("counter_volume", HorizonJson.AmountText(Counter));
            json.WriteString("avg", HorizonJson.PriceText(Counter, Base));
            WritePrice(json, "high", Prices.Aggregate((a, b) => IsAbove(b, a) ? b : a));
            WritePrice(json, "low", Prices.Aggregate((a, b) => IsAbove(a, b) ? b : a));
            WritePrice(json, "open", Prices[0]);
            WritePrice(json, "close", Prices[^1]);
            json.WriteEndObject();
        }

        private static bool IsAbove(Price a, Price b) => (long)a.N * b.D > (long)b.N * a.D;

        private static void WritePrice(Utf8JsonWriter json, string name, Price price)
        {
            json.WriteString(name, HorizonJson.PriceText(price.N, price.D));
            json.WriteStartObject(name + "_r");
            json.WriteDecimal("n", (long)price.N);
            json.WriteDecimal("d", (long)price.D);
            json.WriteEndObject();
        }
    }
}
