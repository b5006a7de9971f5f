using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>A payment went only where a payment may go, and its terms never changed.</summary>
internal static class TransitionsCheck
{
    private const string Rule = "transition";

    // The transitions of a payment, written down here once more: this is not the table that the grains use.
    private static readonly Dictionary<string, string[]> Next = new(StringComparer.Ordinal)
    {
        ["pending"] = ["queued", "processing", "expired", "cancelled", "failed"],
        ["queued"] = ["processing", "cancelled", "failed"],
        // Back to queued: its transaction can never be applied, and no fault of its own was to blame.
        ["processing"] = ["succeeded", "failed", "queued"],
    };

    // Events that leave a payment where it is.
    private static readonly string[] NoStep =
    [
        "payment.fee_bumped", "payment.settled", "payment.reclaimable", "payment.reclaiming", "payment.reclaimed",
        "payment.reclaim_failed", "payment.claimed", "payment.clawed_back",
    ];

    // Of what waits on the ledger; it begins as open.
    private static readonly Dictionary<string, string[]> NextOfClaim = new(StringComparer.Ordinal)
    {
        [""] = ["", "open"],
        ["open"] = ["open", "claimed", "reclaiming", "clawed_back"],
        ["reclaiming"] = ["reclaiming", "reclaimed", "claimed", "clawed_back", "open"],
    };

    public static IEnumerable<Finding> Run(AuditEvidence evidence) =>
        evidence.Payments.Values.SelectMany(payment => OfPayment(payment));

    /// <summary>Whether one status can come after the other, at once or in several steps.</summary>
    public static bool CanCome(string from, string to)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { from };
        var open = new Queue<string>(reached);
        while (open.TryDequeue(out var at))
        {
            foreach (var step in Next.GetValueOrDefault(at) ?? [])
            {
                if (reached.Add(step))
                {
                    open.Enqueue(step);
                }
            }
        }

        return reached.Contains(to);
    }

    private static IEnumerable<Finding> OfPayment(PaymentStory payment)
    {
        var before = "";
        var claimBefore = "";
        foreach (var row in payment.Events)
        {
            var status = PaymentStory.StatusOf(row);
            if (before.Length == 0 ? status != "pending" : !IsStep(before, status) && !(before == status && NoStep.Contains(row.Type)))
            {
                yield return new Finding(
                    Rule, payment.Id, before.Length == 0 ? $"begins as {status}" : $"goes from {before} to {status} ({row.EventId})");
            }

            var claim = PaymentStory.ClaimStatusOf(row) ?? "";
            if (claim != claimBefore && !(NextOfClaim.GetValueOrDefault(claimBefore)?.Contains(claim) ?? false))
            {
                yield return new Finding(Rule, payment.Id, $"what it set aside goes from '{claimBefore}' to '{claim}' ({row.EventId})");
            }

            claimBefore = claim;
            if (row.Text("destination") != payment.Destination || row.Text("asset") != payment.Amount.Asset
                || Money.Parse(row.Text("amount") ?? "0") != payment.Amount.Stroops || row.Text("memo") != payment.Memo
                || row.Text("walletId") != payment.WalletId || row.Owner != payment.Owner)
            {
                yield return new Finding(Rule, payment.Id, $"its terms are other ones in {row.EventId}");
            }

            before = status;
        }
    }

    private static bool IsStep(string from, string to) => Next.TryGetValue(from, out var next) && next.Contains(to);
}
