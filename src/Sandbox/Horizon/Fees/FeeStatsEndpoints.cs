using System.Globalization;
using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;

namespace StellarPay.Sandbox.Horizon.Fees;

/// <summary>What the transactions of the last five ledgers paid, and were ready to pay, for an operation.</summary>
internal static class FeeStatsEndpoints
{
    private const int Ledgers = 5;
    private static readonly int[] Percentiles = [10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapObject("/fee_stats", Find);

    private static Action<Utf8JsonWriter> Find(HorizonRequest request)
    {
        var ledgers = request.Network.History.Ledgers(
            PageSlice.All(Position.End, descending: true), Ledgers);
        var latest = ledgers[0];
        var rates = ledgers.SelectMany(ledger => ledger.Transactions).Select(RatesOf).ToList();
        return json =>
        {
            json.WriteStartObject();
            json.WriteDecimal("last_ledger", (long)latest.Sequence);
            json.WriteDecimal("last_ledger_base_fee", (long)latest.BaseFee);
            json.WriteString("ledger_capacity_usage", Usage(ledgers));
            Write(json, "fee_charged", [.. rates.Select(rate => rate.Charged).Order()], latest.BaseFee);
            Write(json, "max_fee", [.. rates.Select(rate => rate.Max).Order()], latest.BaseFee);
            json.WriteEndObject();
        };
    }

    /// <summary>A fee-bump is charged for one operation more than it holds.</summary>
    private static (long Charged, long Max) RatesOf(HistoryTransaction transaction)
    {
        var operations = transaction.Operations.Count + (transaction.InnerHash is null ? 0 : 1);
        return (transaction.FeeCharged / operations, transaction.MaxFee / operations);
    }

    private static string Usage(List<HistoryLedger> ledgers)
    {
        var used = ledgers.Sum(ledger => ledger.Transactions.Sum(transaction => (long)transaction.Operations.Count));
        var capacity = ledgers.Sum(ledger => (long)ledger.MaxTxSetSize);
        return ((decimal)used / capacity).ToString("0.##", CultureInfo.InvariantCulture);
    }

    private static void Write(Utf8JsonWriter json, string name, List<long> sorted, long baseFee)
    {
        if (sorted.Count == 0)
        {
            sorted = [baseFee];
        }

        json.WriteStartObject(name);
        json.WriteDecimal("max", sorted[^1]);
        json.WriteDecimal("min", sorted[0]);
        json.WriteDecimal("mode", sorted.CountBy(fee => fee).MaxBy(group => group.Value).Key);
        foreach (var percentile in Percentiles)
        {
            json.WriteDecimal(
                string.Create(CultureInfo.InvariantCulture, $"p{percentile}"),
                sorted[Math.Max(0, ((sorted.Count * percentile) + 99) / 100 - 1)]);
        }

        json.WriteEndObject();
    }
}
