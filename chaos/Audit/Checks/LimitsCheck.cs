using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>No limit was exceeded at any moment, in the order in which things were written.</summary>
internal static class LimitsCheck
{
    private const string Rule = "limit";
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var limits = evidence.Limits;
        var used = new Dictionary<string, Dictionary<string, (DateTimeOffset At, decimal Worth)>>(StringComparer.Ordinal);
        foreach (var row in evidence.Database.Events.Where(row => row.IsOfPayment))
        {
            var payment = evidence.Payments[row.Text("paymentId")!];
            if (!used.TryGetValue(payment.WalletId, out var counted))
            {
                used[payment.WalletId] = counted = new Dictionary<string, (DateTimeOffset, decimal)>(StringComparer.Ordinal);
            }

            // What it spends counts; of another asset the most that may leave, until the ledger has said what did.
            var path = PathStory.Of(row);
            if (path is { Sent: { } sent } && counted.TryGetValue(payment.Id, out var reserved))
            {
                counted[payment.Id] = reserved with { Worth = limits.WorthOf(path.SourceMax with { Stroops = sent }) };
            }

            switch (PaymentStory.StatusOf(row))
            {
                case "pending":
                    var worth = limits.WorthOf(path?.SourceMax ?? payment.Amount);
                    counted[payment.Id] = (row.OccurredAt, worth);
                    var exceeded = Exceeded("payment", worth, limits.Payment)
                        ?? Exceeded("24 hours", Since(counted, row.OccurredAt - Day), limits.Daily)
                        ?? Exceeded("30 days", Since(counted, row.OccurredAt - Month), limits.Monthly);
                    if (exceeded is not null)
                    {
                        yield return new Finding(Rule, payment.Id, $"brings {payment.WalletId} to {exceeded}");
                    }

                    break;
                case "failed" or "expired" or "cancelled":
                    counted.Remove(payment.Id);
                    break;
            }
        }
    }

    private static decimal Since(Dictionary<string, (DateTimeOffset At, decimal Worth)> counted, DateTimeOffset from) =>
        counted.Values.Where(use => use.At > from).Sum(use => use.Worth);

    private static string? Exceeded(string what, decimal worth, decimal limit) =>
        worth > limit ? $"{worth} dollars of {what}, more than {limit}" : null;
}
