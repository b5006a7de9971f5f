using StellarPay.Chaos.Audit.Evidence;
using StellarPay.Chaos.Clients.Shops;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>
/// A merchant's events are numbered without a gap, as what happened to its sessions says; each was delivered to its server, signed, or
/// can be seen to have failed or to wait. What is said to be delivered the server has, and it was sent nothing else.
/// </summary>
internal static class WebhooksCheck
{
    private const string Rule = "webhook";
    private const string Delivered = "succeeded";
    private const string Simple = "payment.success";
    private static readonly string[] Families =
        ["invoice", "payment_link", "payment_session", "refund", "test_helpers", "unmatched_receipt", "webhook_endpoint"];

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var tables = evidence.Database.Merchants;
        var events = tables.Events.ToLookup(row => row.Merchant, StringComparer.Ordinal);
        return evidence.Merchants.SelectMany(merchant => Numbers(merchant, [.. events[merchant.Id]], evidence)
            .Concat(Deliveries(merchant, [.. events[merchant.Id]], tables))
            .Concat(Calls(merchant, [.. events[merchant.Id]], tables)));
    }

    private static IEnumerable<Finding> Numbers(MerchantEvidence merchant, List<MerchantEventRow> events, AuditEvidence evidence)
    {
        if (!events.Select(row => row.Number).SequenceEqual(Enumerable.Range(1, events.Count).Select(number => (long)number)))
        {
            yield return new Finding(Rule, merchant.Id, $"its {events.Count} events are numbered to {events[^1].Number}");
        }

        // In the order of the feed, each with what else is said of it.
        var right = evidence.Database.Events.Where(row => row.Owner == merchant.Id && Families.Contains(row.Type.Split('.')[0]))
            .SelectMany(row => row.Type == SessionStory.Paid ? new[] { row.Type, Simple } : [row.Type]);
        if (!events.Select(row => row.Type).SequenceEqual(right))
        {
            yield return new Finding(Rule, merchant.Id, "its numbered events are not those that happened, in their order");
        }
    }

    private static IEnumerable<Finding> Deliveries(MerchantEvidence merchant, List<MerchantEventRow> events, MerchantTables tables)
    {
        var cursor = tables.Cursors.FirstOrDefault(cursor => cursor.Endpoint == merchant.Endpoint);
        if (cursor is null || (cursor.Number < cursor.Head && !cursor.Rests))
        {
            yield return new Finding(Rule, merchant.Endpoint, $"has come to {cursor?.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"} of {events.Count} events");
            yield break;
        }

        var delivered = tables.Tries.Where(row => row.Endpoint == merchant.Endpoint && row.Outcome == Delivered)
            .Select(row => row.EventId).ToHashSet(StringComparer.Ordinal);
        var came = merchant.Calls.Select(call => call.EventId).ToHashSet(StringComparer.Ordinal);
        foreach (var row in events)
        {
            if (delivered.Contains(row.Id) && !came.Contains(row.Id))
            {
                yield return new Finding(Rule, row.Id, $"is said to be delivered to {merchant.Endpoint}, which was never sent it ({row.Type})");
            }

            // What is beyond the cursor waits; what failed is to be tried again, or stands there as given up.
            if (!delivered.Contains(row.Id) && row.Number <= cursor.Number && !tables.Retries.Contains((merchant.Endpoint, row.Number)))
            {
                yield return new Finding(Rule, row.Id, $"was not delivered to {merchant.Endpoint}, and nothing says that it failed or waits ({row.Type})");
            }
        }
    }

    private static IEnumerable<Finding> Calls(MerchantEvidence merchant, List<MerchantEventRow> events, MerchantTables tables)
    {
        var known = events.ToDictionary(row => row.Id, StringComparer.Ordinal);
        var tests = tables.Tries.Where(row => row.Number is null).Select(row => row.EventId).ToHashSet(StringComparer.Ordinal);
        foreach (var call in merchant.Calls.GroupBy(call => call.EventId, StringComparer.Ordinal))
        {
            if (call.FirstOrDefault(one => !one.IsSigned) is not null)
            {
                yield return new Finding(Rule, call.Key, $"came to {merchant.Endpoint} without a right signature");
            }

            if (call.DistinctBy(one => one.Digest).Count() > 1)
            {
                yield return new Finding(Rule, call.Key, $"came to {merchant.Endpoint} in {call.DistinctBy(one => one.Digest).Count()} forms");
            }

            var row = known.GetValueOrDefault(call.Key);
            if (row is null ? !tests.Contains(call.Key) : !IsOf(row, call.First()))
            {
                yield return new Finding(Rule, call.Key, $"came to {merchant.Endpoint} as {call.First().Type} of {call.First().Object}; it is {row?.ToString() ?? "no event"}");
            }
        }
    }

    private static bool IsOf(MerchantEventRow row, ReceivedCall call) =>
        call.Type == row.Type && call.Object == row.Object && call.Sequence == (row.Type == Simple ? 0 : row.Sequence);
}
