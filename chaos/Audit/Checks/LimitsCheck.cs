using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>No limit was exceeded at any moment, in the order in which things were written.</summary>
internal static class LimitsCheck
{
    private const string Rule = "limit";
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var used = new Dictionary<(string Wallet, string Asset), Dictionary<string, (DateTimeOffset At, long Stroops)>>();
        foreach (var row in evidence.Database.Events.Where(row => row.IsOfPayment))
        {
            var payment = evidence.Payments[row.Text("paymentId")!];
            var key = (payment.WalletId, payment.Amount.Asset);
            if (!used.TryGetValue(key, out var counted))
            {
                used[key] = counted = new Dictionary<string, (DateTimeOffset, long)>(StringComparer.Ordinal);
            }

            switch (PaymentStory.StatusOf(row))
            {
                case "pending":
                    counted[payment.Id] = (row.OccurredAt, payment.Amount.Stroops);
                    break;
                case "failed" or "expired" or "cancelled":
                    counted.Remove(payment.Id);
                    continue;
                default:
                    continue;
            }

            if (payment.Amount.Stroops > evidence.Limits.MostAPayment)
            {
                yield return new Finding(
                    Rule, payment.Id, $"moves {payment.Amount}, more than the {evidence.Limits.MostAPayment} stroops of a payment");
            }

            var day = counted.Values.Where(use => use.At > row.OccurredAt - Window).Sum(use => use.Stroops);
            if (day > evidence.Limits.MostADay)
            {
                yield return new Finding(
                    Rule, payment.Id, $"brings {payment.WalletId} to {day} stroops of {payment.Amount.Asset} in a day, more than "
                    + $"{evidence.Limits.MostADay}");
            }
        }
    }
}
