using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos;

/// <summary>What came about besides plain payments, by kind: a run in which one of them is 0 proves nothing of it.</summary>
public static class Happenings
{
    public const string Paths = "path payments";
    public const string Waiting = "set aside and open";
    public const string Claimed = "set aside and claimed";
    public const string Reclaimed = "set aside and reclaimed";
    public const string ClaimedByWallets = "claimed by wallets";
    public const string PaidOnce = "scheduled once and paid";
    public const string PaidAgain = "scheduled daily and paid again";
    public const string RotatedKeys = "keys replaced";
    public const string Assigned = "deposits assigned";
    public const string Returned = "deposits returned";
    public const string Kept = "deposits kept";
    public const string HubConnections = "hub connections";
    public const string HubReturns = "hub clients that came back";

    internal static IReadOnlyDictionary<string, int> Count(AuditEvidence evidence)
    {
        var succeeded = evidence.Payments.Values.Where(payment => payment.Status == "succeeded").ToList();
        var claims = evidence.Ledger.Operations
            .Where(operation => operation.Successful && operation.Type == LedgerOperation.Claimed).ToList();
        var paid = evidence.Occurrences.Where(occurrence => occurrence.Ends.Contains(OccurrenceStory.Succeeded)).ToList();
        return new SortedDictionary<string, int>(StringComparer.Ordinal)
        {
            [Paths] = succeeded.Count(payment => payment.Path is not null),
            [Waiting] = succeeded.Count(payment => payment.ClaimStatus == "open"),
            [Claimed] = succeeded.Count(payment => payment.ClaimStatus == "claimed"),
            [Reclaimed] = succeeded.Count(payment => payment.ClaimStatus == "reclaimed"),
            [ClaimedByWallets] = claims.Count(claim =>
                evidence.IsWallet(claim.To) && succeeded.All(payment => payment.BalanceId != claim.BalanceId)),
            [PaidOnce] = paid.Count(occurrence => occurrence.Number == 1),
            [PaidAgain] = paid.Count(occurrence => occurrence.Number > 1),
            [RotatedKeys] = evidence.Database.Events.Count(row => row.Type == "wallet.key_rotated"),
            [Assigned] = evidence.Database.Suspense.Count(row => row.Status == "assigned"),
            [Returned] = evidence.Database.Suspense.Count(row => row.Status == "returned"),
            [Kept] = evidence.Database.Suspense.Count(row => row.Status == "kept"),
            [HubConnections] = evidence.Hub.Values.Sum(picture => picture.Connections),
            [HubReturns] = evidence.Hub.Values.Count(picture => picture.Connections > 1),
        };
    }
}
